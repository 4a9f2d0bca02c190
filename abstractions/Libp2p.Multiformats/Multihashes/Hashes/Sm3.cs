using System.Buffers.Binary;
using System.Numerics;

namespace Libp2p.Multiformats;

/// <summary>SM3 (GB/T 32905-2016; draft-sca-cfrg-sm3-02).</summary>
internal static class Sm3
{
    private static ReadOnlySpan<uint> Initial => [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];

    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<uint> state = [.. Initial];
        BlockHash.Run(data, state, blockSize: 64, bigEndian: true, Compress);
        for (var i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], state[i]);
        }
    }

    private static void Compress(ReadOnlySpan<byte> block, Span<uint> state)
    {
        Span<uint> w = stackalloc uint[68];
        for (var j = 0; j < w.Length; j++)
        {
            w[j] = j < 16
                ? BinaryPrimitives.ReadUInt32BigEndian(block[(4 * j)..])
                : Spread(w[j - 16] ^ w[j - 9] ^ BitOperations.RotateLeft(w[j - 3], 15), 15, 23) ^ BitOperations.RotateLeft(w[j - 13], 7) ^ w[j - 6];
        }

        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var j = 0; j < 64; j++)
        {
            var early = j < 16;
            var ss1 = BitOperations.RotateLeft(BitOperations.RotateLeft(a, 12) + e + BitOperations.RotateLeft(early ? 0x79cc4519u : 0x7a879d8au, j % 32), 7);
            var ss2 = ss1 ^ BitOperations.RotateLeft(a, 12);
            var tt1 = (early ? a ^ b ^ c : (a & b) | (a & c) | (b & c)) + d + ss2 + (w[j] ^ w[j + 4]);
            var tt2 = (early ? e ^ f ^ g : (e & f) | (~e & g)) + h + ss1 + w[j];
            (d, c, b, a) = (c, BitOperations.RotateLeft(b, 9), a, tt1);
            (h, g, f, e) = (g, BitOperations.RotateLeft(f, 19), e, Spread(tt2, 9, 17));
        }

        state[0] ^= a;
        state[1] ^= b;
        state[2] ^= c;
        state[3] ^= d;
        state[4] ^= e;
        state[5] ^= f;
        state[6] ^= g;
        state[7] ^= h;
    }

    private static uint Spread(uint x, int first, int second) => x ^ BitOperations.RotateLeft(x, first) ^ BitOperations.RotateLeft(x, second);
}
