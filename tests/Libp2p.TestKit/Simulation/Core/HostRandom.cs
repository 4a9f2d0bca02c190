namespace Libp2p.TestKit;

/// <summary>Randomness of one user, told apart by a name: who else draws, and how often, changes nothing for it.</summary>
internal sealed class HostRandom(EventLoop? loop, int seed, string name) : RandomSource
{
    private readonly SeededRandomSource _source = new(Mix(seed, name));

    public override void Fill(Span<byte> buffer)
    {
        loop?.IsHere();
        _source.Fill(buffer);
    }

    /// <summary>True so often, from 0 to 1; draws only where it could be either.</summary>
    public bool Chance(double probability) => probability > 0 && (probability >= 1 || Fraction() < probability);

    /// <summary>From 0 to below 1.</summary>
    public double Fraction()
    {
        Span<byte> bytes = stackalloc byte[8];
        _source.Fill(bytes);
        return (BitConverter.ToUInt64(bytes) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>FNV-1a: the same in every process, unlike <see cref="string.GetHashCode()"/>.</summary>
    private static ulong Mix(int seed, string name)
    {
        var hash = 0xCBF29CE484222325 ^ (uint)seed;
        foreach (var letter in name) hash = (hash ^ letter) * 0x100000001B3;
        return (hash ^ (hash >> 32)) * 0x9E3779B97F4A7C15;
    }
}
