using System.Buffers.Binary;
using System.Numerics;

namespace Libp2p.Multiformats;

/// <summary>Keccak-f[1600] sponges: SHA-3 and SHAKE (FIPS 202), for platforms that lack them, and the original Keccak, which pads differently.</summary>
internal static class Keccak
{
    private const int StateBytes = 200;
    private const byte OriginalSuffix = 0x01;
    private const byte Sha3Suffix = 0x06;
    private const byte ShakeSuffix = 0x1f;

    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
        0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
        0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
        0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    // Rho and pi as one walk through the lanes: where the next lane goes, and by how much it turns.
    private static ReadOnlySpan<byte> Lanes => [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

    private static ReadOnlySpan<byte> Rotations => [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];

    public static void Original(ReadOnlySpan<byte> data, Span<byte> digest) => Hash(data, digest, 2 * digest.Length, OriginalSuffix);

    public static void Sha3(ReadOnlySpan<byte> data, Span<byte> digest) => Hash(data, digest, 2 * digest.Length, Sha3Suffix);

    public static void Shake128(ReadOnlySpan<byte> data, Span<byte> digest) => Hash(data, digest, 32, ShakeSuffix);

    public static void Shake256(ReadOnlySpan<byte> data, Span<byte> digest) => Hash(data, digest, 64, ShakeSuffix);

    private static void Hash(ReadOnlySpan<byte> data, Span<byte> digest, int capacity, byte suffix)
    {
        Span<ulong> state = stackalloc ulong[StateBytes / 8];
        state.Clear();
        var rate = StateBytes - capacity;
        for (; data.Length >= rate; data = data[rate..])
        {
            Absorb(state, data[..rate]);
            Permute(state);
        }

        Span<byte> last = stackalloc byte[StateBytes];
        last = last[..rate];
        last.Clear();
        data.CopyTo(last);
        last[data.Length] = suffix;
        last[^1] |= 0x80;
        Absorb(state, last);

        Span<byte> block = stackalloc byte[StateBytes];
        while (digest.Length > 0)
        {
            Permute(state);
            for (var i = 0; i < state.Length; i++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(block[(i * 8)..], state[i]);
            }

            var take = Math.Min(rate, digest.Length);
            block[..take].CopyTo(digest);
            digest = digest[take..];
        }
    }

    private static void Absorb(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        for (var i = 0; i < block.Length / 8; i++)
        {
            state[i] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(i * 8)..]);
        }
    }

    private static void Permute(Span<ulong> state)
    {
        Span<ulong> column = stackalloc ulong[5];
        foreach (var constant in RoundConstants)
        {
            for (var x = 0; x < 5; x++)
            {
                column[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
            }

            for (var x = 0; x < 5; x++)
            {
                var mix = column[(x + 4) % 5] ^ BitOperations.RotateLeft(column[(x + 1) % 5], 1);
                for (var y = 0; y < 25; y += 5)
                {
                    state[y + x] ^= mix;
                }
            }

            var moving = state[1];
            for (var i = 0; i < Lanes.Length; i++)
            {
                (moving, state[Lanes[i]]) = (state[Lanes[i]], BitOperations.RotateLeft(moving, Rotations[i]));
            }

            for (var y = 0; y < 25; y += 5)
            {
                state.Slice(y, 5).CopyTo(column);
                for (var x = 0; x < 5; x++)
                {
                    state[y + x] = column[x] ^ (~column[(x + 1) % 5] & column[(x + 2) % 5]);
                }
            }

            state[0] ^= constant;
        }
    }
}
