using System.Buffers.Binary;
using System.Numerics;

namespace Libp2p.Multiformats;

/// <summary>BLAKE2s without key, salt or tree (RFC 7693): 1 to 32 bytes, each length a function of its own.</summary>
internal static class Blake2s
{
    public const int MaxLength = 32;

    private const int BlockLength = 64;
    private const int Rounds = 10;

    private static ReadOnlySpan<uint> Iv =>
    [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];

    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<uint> state = stackalloc uint[8];
        Iv.CopyTo(state);
        state[0] ^= 0x01010000 ^ (uint)digest.Length;
        var total = (ulong)data.Length;
        ulong hashed = 0;
        for (; data.Length > BlockLength; data = data[BlockLength..])
        {
            hashed += BlockLength;
            Compress(state, data[..BlockLength], hashed, last: false);
        }

        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
        data.CopyTo(block);
        Compress(state, block, total, last: true);

        Span<byte> output = stackalloc byte[MaxLength];
        for (var i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(output[(i * 4)..], state[i]);
        }

        output[..digest.Length].CopyTo(digest);
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block, ulong hashed, bool last)
    {
        Span<uint> m = stackalloc uint[16];
        for (var i = 0; i < m.Length; i++)
        {
            m[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(i * 4)..]);
        }

        Span<uint> v = stackalloc uint[16];
        state.CopyTo(v);
        Iv.CopyTo(v[8..]);
        v[12] ^= (uint)hashed;
        v[13] ^= (uint)(hashed >> 32);
        v[14] ^= last ? uint.MaxValue : 0;
        for (var round = 0; round < Rounds; round++)
        {
            var s = Blake2Sigma.Of(round);
            Mix(v, 0, 4, 8, 12, m[s[0]], m[s[1]]);
            Mix(v, 1, 5, 9, 13, m[s[2]], m[s[3]]);
            Mix(v, 2, 6, 10, 14, m[s[4]], m[s[5]]);
            Mix(v, 3, 7, 11, 15, m[s[6]], m[s[7]]);
            Mix(v, 0, 5, 10, 15, m[s[8]], m[s[9]]);
            Mix(v, 1, 6, 11, 12, m[s[10]], m[s[11]]);
            Mix(v, 2, 7, 8, 13, m[s[12]], m[s[13]]);
            Mix(v, 3, 4, 9, 14, m[s[14]], m[s[15]]);
        }

        for (var i = 0; i < state.Length; i++)
        {
            state[i] ^= v[i] ^ v[i + 8];
        }
    }

    private static void Mix(Span<uint> v, int a, int b, int c, int d, uint x, uint y)
    {
        v[a] += v[b] + x;
        v[d] = BitOperations.RotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = BitOperations.RotateRight(v[b] ^ v[c], 12);
        v[a] += v[b] + y;
        v[d] = BitOperations.RotateRight(v[d] ^ v[a], 8);
        v[c] += v[d];
        v[b] = BitOperations.RotateRight(v[b] ^ v[c], 7);
    }
}
