namespace Libp2p.Fuzz.Mutation;

/// <summary>A random sequence that its seed decides (splitmix64), the same on every machine and runtime.</summary>
internal struct FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next64()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="limit"/> - 1; 0 where the limit is 0.</summary>
    public int Next(int limit) => (int)((UInt128)Next64() * (ulong)limit >> 64);

    /// <summary>Small numbers more often: below the limit, and each power of two as likely as the next.</summary>
    public int NextSmall(int limit) => Next(Math.Min(limit, 1 << Next(13)));
}
