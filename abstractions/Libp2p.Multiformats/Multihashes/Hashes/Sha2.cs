using System.Buffers.Binary;
using System.Numerics;

namespace Libp2p.Multiformats;

/// <summary>The members of SHA-2 (FIPS 180-4) that .NET lacks: SHA-224, SHA-512/224 and SHA-512/256.</summary>
internal static class Sha2
{
    // The standard takes its constants from the roots of the first primes, and so does this.
    private static readonly int[] Primes = FirstPrimes(80);
    private static readonly uint[] Constants32 = [.. Primes.Take(64).Select(static prime => (uint)Fraction(prime, 3, 32))];
    private static readonly ulong[] Constants64 = [.. Primes.Select(static prime => Fraction(prime, 3, 64))];
    private static readonly uint[] Initial224 = [.. Primes.Skip(8).Take(8).Select(static prime => (uint)Fraction(prime, 2, 64))];
    private static readonly ulong[] Initial512 = [.. Primes.Take(8).Select(static prime => Fraction(prime, 2, 64))];
    private static readonly ulong[] Initial512For224 = InitialFor("SHA-512/224"u8);
    private static readonly ulong[] Initial512For256 = InitialFor("SHA-512/256"u8);

    public static void Hash224(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<uint> state = [.. Initial224];
        BlockHash.Run(data, state, blockSize: 64, bigEndian: true, Compress32);
        for (var i = 0; i < digest.Length / 4; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], state[i]);
        }
    }

    public static void Hash512For224(ReadOnlySpan<byte> data, Span<byte> digest) => Hash512(data, Initial512For224, digest);

    public static void Hash512For256(ReadOnlySpan<byte> data, Span<byte> digest) => Hash512(data, Initial512For256, digest);

    private static void Hash512(ReadOnlySpan<byte> data, ulong[] initial, Span<byte> digest)
    {
        Span<ulong> state = [.. initial];
        BlockHash.Run(data, state, blockSize: 128, bigEndian: true, Compress64);
        Span<byte> whole = stackalloc byte[64];
        for (var i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(whole[(8 * i)..], state[i]);
        }

        whole[..digest.Length].CopyTo(digest);
    }

    // FIPS 180-4, section 6.2.2.
    private static void Compress32(ReadOnlySpan<byte> block, Span<uint> state)
    {
        Span<uint> w = stackalloc uint[64];
        for (var t = 0; t < 64; t++)
        {
            w[t] = t < 16
                ? BinaryPrimitives.ReadUInt32BigEndian(block[(4 * t)..])
                : w[t - 16] + w[t - 7]
                    + (BitOperations.RotateRight(w[t - 15], 7) ^ BitOperations.RotateRight(w[t - 15], 18) ^ (w[t - 15] >> 3))
                    + (BitOperations.RotateRight(w[t - 2], 17) ^ BitOperations.RotateRight(w[t - 2], 19) ^ (w[t - 2] >> 10));
        }

        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var t = 0; t < 64; t++)
        {
            var t1 = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25)) + ((e & f) ^ (~e & g)) + Constants32[t] + w[t];
            var t2 = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    // FIPS 180-4, section 6.4.2.
    private static void Compress64(ReadOnlySpan<byte> block, Span<ulong> state)
    {
        Span<ulong> w = stackalloc ulong[80];
        for (var t = 0; t < 80; t++)
        {
            w[t] = t < 16
                ? BinaryPrimitives.ReadUInt64BigEndian(block[(8 * t)..])
                : w[t - 16] + w[t - 7]
                    + (BitOperations.RotateRight(w[t - 15], 1) ^ BitOperations.RotateRight(w[t - 15], 8) ^ (w[t - 15] >> 7))
                    + (BitOperations.RotateRight(w[t - 2], 19) ^ BitOperations.RotateRight(w[t - 2], 61) ^ (w[t - 2] >> 6));
        }

        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var t = 0; t < 80; t++)
        {
            var t1 = h + (BitOperations.RotateRight(e, 14) ^ BitOperations.RotateRight(e, 18) ^ BitOperations.RotateRight(e, 41)) + ((e & f) ^ (~e & g)) + Constants64[t] + w[t];
            var t2 = (BitOperations.RotateRight(a, 28) ^ BitOperations.RotateRight(a, 34) ^ BitOperations.RotateRight(a, 39)) + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    // FIPS 180-4, section 5.3.6.
    private static ulong[] InitialFor(ReadOnlySpan<byte> name)
    {
        ulong[] state = [.. Initial512.Select(static word => word ^ 0xa5a5a5a5a5a5a5a5)];
        BlockHash.Run<ulong>(name, state, blockSize: 128, bigEndian: true, Compress64);
        return state;
    }

    /// <summary>The lowest 64 bits of a prime's root times two to the power of so many bits.</summary>
    private static ulong Fraction(int prime, int root, int bits)
    {
        // Newton's steps from above come down to the root, rounded down, and then no further.
        var scaled = (BigInteger)prime << (root * bits);
        var value = ((BigInteger)Math.Pow(prime, 1.0 / root) + 1) << bits;
        while (true)
        {
            var next = (((root - 1) * value) + (scaled / BigInteger.Pow(value, root - 1))) / root;
            if (next >= value)
            {
                break;
            }

            value = next;
        }

        return (ulong)(value & ulong.MaxValue);
    }

    private static int[] FirstPrimes(int count)
    {
        List<int> primes = [];
        for (var candidate = 2; primes.Count < count; candidate++)
        {
            if (primes.TrueForAll(prime => candidate % prime != 0))
            {
                primes.Add(candidate);
            }
        }

        return [.. primes];
    }
}
