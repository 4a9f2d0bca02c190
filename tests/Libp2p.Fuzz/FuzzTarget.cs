namespace Libp2p.Fuzz;

/// <summary>Something that a stranger's bytes reach, with what must hold for all of them.</summary>
internal abstract class FuzzTarget(string name)
{
    /// <summary>Names the corpus's folder, and the target on the command line.</summary>
    public string Name { get; } = name;

    /// <summary>The longest input that is tried, in bytes.</summary>
    public virtual int MaxLength => 4096;

    /// <summary>Valid inputs to start from; the corpus folder has more.</summary>
    public abstract IEnumerable<byte[]> Seeds { get; }

    /// <summary>Pieces that the grammar knows and that chance would not find.</summary>
    public virtual IReadOnlyList<byte[]> Dictionary => [];

    /// <summary>The most bytes that one input may have allocated on its way.</summary>
    public virtual long MaxAllocated(int length) => (1 << 20) + (256L * length);

    /// <summary>Takes any bytes. Returns where they were taken, and where they were refused as documented; anything thrown is a defect.</summary>
    public abstract void Run(ReadOnlySpan<byte> input);
}
