using System.Buffers.Binary;
using System.Numerics;

namespace Libp2p.Multiformats;

/// <summary>RIPEMD-128, -160, -256 and -320 (Dobbertin, Bosselaers, Preneel 1996): two lines of rounds side by side, which the longer two keep apart but for one word a round.</summary>
internal static class RipeMd
{
    private static ReadOnlySpan<uint> Initial => [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

    private static ReadOnlySpan<uint> SecondInitial => [0x76543210, 0xfedcba98, 0x89abcdef, 0x01234567, 0x3c2d1e0f];

    private static ReadOnlySpan<uint> LeftConstants => [0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e];

    private static ReadOnlySpan<uint> RightConstants => [0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0];

    // Which word of the block a step takes, and by how many bits it rotates; sixteen steps a round.
    private static ReadOnlySpan<byte> LeftWords =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8,
        3, 10, 14, 4, 9, 15, 8, 1, 2, 7, 0, 6, 13, 11, 5, 12,
        1, 9, 11, 10, 0, 8, 12, 4, 13, 3, 7, 15, 14, 5, 6, 2,
        4, 0, 5, 9, 7, 12, 2, 10, 14, 1, 3, 8, 11, 6, 15, 13,
    ];

    private static ReadOnlySpan<byte> RightWords =>
    [
        5, 14, 7, 0, 9, 2, 11, 4, 13, 6, 15, 8, 1, 10, 3, 12,
        6, 11, 3, 7, 0, 13, 5, 10, 14, 15, 8, 12, 4, 9, 1, 2,
        15, 5, 1, 3, 7, 14, 6, 9, 11, 8, 12, 2, 10, 0, 4, 13,
        8, 6, 4, 1, 3, 11, 15, 0, 5, 12, 2, 13, 9, 7, 10, 14,
        12, 15, 10, 4, 1, 5, 8, 7, 6, 2, 13, 14, 0, 3, 9, 11,
    ];

    private static ReadOnlySpan<byte> LeftRotations =>
    [
        11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8,
        7, 6, 8, 13, 11, 9, 7, 15, 7, 12, 15, 9, 11, 7, 13, 12,
        11, 13, 6, 7, 14, 9, 13, 15, 14, 8, 13, 6, 5, 12, 7, 5,
        11, 12, 14, 15, 14, 15, 9, 8, 9, 14, 5, 6, 8, 6, 5, 12,
        9, 15, 5, 11, 6, 8, 13, 12, 5, 12, 13, 14, 11, 8, 5, 6,
    ];

    private static ReadOnlySpan<byte> RightRotations =>
    [
        8, 9, 9, 11, 13, 15, 15, 5, 7, 7, 8, 11, 14, 14, 12, 6,
        9, 13, 15, 7, 12, 8, 9, 11, 7, 7, 12, 7, 6, 15, 13, 11,
        9, 7, 15, 11, 8, 6, 6, 14, 12, 13, 5, 14, 13, 13, 7, 5,
        15, 5, 8, 11, 14, 14, 6, 14, 6, 9, 12, 9, 12, 5, 15, 8,
        8, 5, 12, 9, 12, 5, 14, 6, 8, 13, 6, 5, 15, 13, 11, 11,
    ];

    // The word that the lines exchange after each round.
    private static ReadOnlySpan<byte> Exchanged4 => [0, 1, 2, 3];

    private static ReadOnlySpan<byte> Exchanged5 => [1, 3, 0, 2, 4];

    public static void Hash128(ReadOnlySpan<byte> data, Span<byte> digest) => Hash(data, Initial[..4], digest, static (block, state) => Mix(block, state, words: 4));

    public static void Hash160(ReadOnlySpan<byte> data, Span<byte> digest) => Hash(data, Initial, digest, static (block, state) => Mix(block, state, words: 5));

    public static void Hash256(ReadOnlySpan<byte> data, Span<byte> digest) =>
        Hash(data, [.. Initial[..4], .. SecondInitial[..4]], digest, static (block, state) => KeepApart(block, state, words: 4));

    public static void Hash320(ReadOnlySpan<byte> data, Span<byte> digest) =>
        Hash(data, [.. Initial, .. SecondInitial], digest, static (block, state) => KeepApart(block, state, words: 5));

    private static void Hash(ReadOnlySpan<byte> data, ReadOnlySpan<uint> initial, Span<byte> digest, BlockHash.Compression<uint> compress)
    {
        Span<uint> state = stackalloc uint[initial.Length];
        initial.CopyTo(state);
        BlockHash.Run(data, state, blockSize: 64, bigEndian: false, compress);
        for (var i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(digest[(4 * i)..], state[i]);
        }
    }

    // RIPEMD-128 and -160: the two lines start alike and are added up crosswise at the end.
    private static void Mix(ReadOnlySpan<byte> block, Span<uint> state, int words)
    {
        Span<uint> left = stackalloc uint[5], right = stackalloc uint[5];
        state.CopyTo(left);
        state.CopyTo(right);
        for (var round = 0; round < words; round++)
        {
            Step16(block, left, words, round, isRight: false);
            Step16(block, right, words, round, isRight: true);
        }

        var first = state[1] + left[2] + right[3];
        for (var i = 1; i < words; i++)
        {
            state[i] = state[(i + 1) % words] + left[(i + 2) % words] + right[(i + 3) % words];
        }

        state[0] = first;
    }

    // RIPEMD-256 and -320: the lines have states of their own.
    private static void KeepApart(ReadOnlySpan<byte> block, Span<uint> state, int words)
    {
        Span<uint> left = stackalloc uint[5], right = stackalloc uint[5];
        state[..words].CopyTo(left);
        state[words..].CopyTo(right);
        var exchanged = words == 4 ? Exchanged4 : Exchanged5;
        for (var round = 0; round < words; round++)
        {
            Step16(block, left, words, round, isRight: false);
            Step16(block, right, words, round, isRight: true);
            var at = exchanged[round];
            (left[at], right[at]) = (right[at], left[at]);
        }

        for (var i = 0; i < words; i++)
        {
            state[i] += left[i];
            state[words + i] += right[i];
        }
    }

    private static void Step16(ReadOnlySpan<byte> block, Span<uint> line, int words, int round, bool isRight)
    {
        // As many rounds as words. The right line takes the functions backwards, and has no constant in its last round.
        var function = isRight ? words - 1 - round : round;
        var constant = isRight ? (round == words - 1 ? 0 : RightConstants[round]) : LeftConstants[round];
        var order = isRight ? RightWords : LeftWords;
        var rotations = isRight ? RightRotations : LeftRotations;
        for (var step = 16 * round; step < 16 * (round + 1); step++)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * order[step])..]);
            var sum = BitOperations.RotateLeft(line[0] + Function(function, line[1], line[2], line[3]) + word + constant, rotations[step]);
            if (words == 4)
            {
                (line[0], line[3], line[2], line[1]) = (line[3], line[2], line[1], sum);
            }
            else
            {
                (line[0], line[4], line[3], line[2], line[1]) = (line[4], line[3], BitOperations.RotateLeft(line[2], 10), line[1], sum + line[4]);
            }
        }
    }

    private static uint Function(int number, uint x, uint y, uint z) => number switch
    {
        0 => x ^ y ^ z,
        1 => (x & y) | (~x & z),
        2 => (x | ~y) ^ z,
        3 => (x & z) | (y & ~z),
        _ => x ^ (y | ~z),
    };
}
