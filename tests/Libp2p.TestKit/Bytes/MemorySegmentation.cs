namespace Libp2p.TestKit;

/// <summary>In which pieces a reader of an in-memory connection gets the bytes: a parser must not care.</summary>
public abstract class MemorySegmentation
{
    /// <summary>Everything that has arrived, in blocks of 4 KiB.</summary>
    public static MemorySegmentation Whole { get; } = new Fixed(int.MaxValue, 4096);

    /// <summary>One byte a read.</summary>
    public static MemorySegmentation SingleBytes { get; } = new Fixed(1, 4096);

    /// <summary>Everything that has arrived, as a sequence of blocks of one byte each.</summary>
    public static MemorySegmentation ScatteredBytes { get; } = new Fixed(int.MaxValue, 1);

    /// <summary>Between 1 and so many bytes a read, drawn from the seed, in blocks of 61 bytes: the same seed gives the same pieces.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="most">The longest piece, in bytes; at least 1.</param>
    public static MemorySegmentation Seeded(int seed, int most = 300) => new Drawn(new SeededRandomSource(seed), most, 61);

    /// <summary>Everything at once or pieces up to a length, from 64 bytes to 64 KiB, as the seed of the simulation chooses.</summary>
    internal static MemorySegmentation Draw(Simulation simulation)
    {
        var random = simulation.NewRandom($"pieces {simulation.NextNumber()}");
        return random.Next(2) == 0 ? Whole : new Drawn(random, 64 << random.Next(11), 4096);
    }

    /// <summary>The length of the next piece, in bytes; at least 1.</summary>
    internal abstract int Next();

    /// <summary>The longest block of a sequence, in bytes.</summary>
    internal abstract int BlockSize { get; }

    private sealed class Fixed(int length, int block) : MemorySegmentation
    {
        internal override int BlockSize => block;

        internal override int Next() => length;
    }

    private sealed class Drawn(RandomSource random, int most, int block) : MemorySegmentation
    {
        internal override int BlockSize => block;

        internal override int Next() => 1 + random.Next(most);
    }
}
