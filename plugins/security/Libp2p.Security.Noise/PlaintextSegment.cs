using System.Buffers;

namespace Libp2p.Security.Noise;

/// <summary>A stretch of plaintext: borrowed from the wire's memory, where it was decrypted, or copied to a block of its own. Reused. One caller at a time.</summary>
internal sealed class PlaintextSegment : ReadOnlySequenceSegment<byte>
{
    /// <summary>The block rented for it; null while the memory is the wire's.</summary>
    public byte[]? Block { get; private set; }

    public new PlaintextSegment? Next
    {
        get => (PlaintextSegment?)base.Next;
        set => base.Next = value;
    }

    /// <summary>How many bytes its block still has room for.</summary>
    public int Room => Block is null ? 0 : Block.Length - Memory.Length;

    public long End => RunningIndex + Memory.Length;

    public void Borrow(ReadOnlyMemory<byte> memory, long runningIndex)
    {
        Memory = memory;
        RunningIndex = runningIndex;
    }

    public void Own(byte[] block, long runningIndex)
    {
        Block = block;
        Memory = block.AsMemory(0, 0);
        RunningIndex = runningIndex;
    }

    /// <summary>Copies bytes behind those in its block, at most <see cref="Room"/>.</summary>
    public void Extend(ReadOnlySpan<byte> bytes)
    {
        var length = Memory.Length;
        bytes.CopyTo(Block.AsSpan(length));
        Memory = Block.AsMemory(0, length + bytes.Length);
    }

    /// <summary>Gives up its memory.</summary>
    public void Reset()
    {
        if (Block is { } block)
        {
            ArrayPool<byte>.Shared.Return(block);
            Block = null;
        }

        Memory = default;
        RunningIndex = 0;
        Next = null;
    }
}
