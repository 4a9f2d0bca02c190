using System.Buffers.Binary;
using System.Numerics;

namespace Libp2p.Multiformats;

/// <summary>BLAKE3 in hash mode (github.com/BLAKE3-team/BLAKE3-specs): a binary tree over chunks of 1 KiB; any number of output bytes.</summary>
internal static class Blake3
{
    private const int ChunkLength = 1024;
    private const int BlockLength = 64;
    private const int Words = 8;
    private const int Rounds = 7;

    // A tree over int.MaxValue bytes is 21 levels high.
    private const int MaxHeight = 24;

    [Flags]
    private enum Domain : uint
    {
        None = 0,
        ChunkStart = 1,
        ChunkEnd = 2,
        Parent = 4,
        Root = 8,
    }

    private static ReadOnlySpan<uint> Iv => [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    private static ReadOnlySpan<byte> Permutation => [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];

    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        // The left edge of the unfinished tree: one chaining value for each set bit of the number of finished chunks, highest first.
        Span<uint> edge = stackalloc uint[MaxHeight * Words];
        var height = 0;
        Span<uint> chaining = stackalloc uint[Words];
        Span<uint> block = stackalloc uint[2 * Words];
        ulong chunk = 0;
        Node node;
        for (; data.Length > ChunkLength; data = data[ChunkLength..])
        {
            node = Chunk(data[..ChunkLength], chunk++, chaining, block);
            Chain(node, chaining, block);
            for (var finished = chunk; (finished & 1) == 0; finished >>= 1)
            {
                Chain(Parent(edge.Slice(--height * Words, Words), chaining, block), chaining, block);
            }

            chaining.CopyTo(edge[(height++ * Words)..]);
        }

        node = Chunk(data, chunk, chaining, block);
        while (height > 0)
        {
            Chain(node, chaining, block);
            node = Parent(edge.Slice(--height * Words, Words), chaining, block);
        }

        Span<uint> words = stackalloc uint[2 * Words];
        Span<byte> output = stackalloc byte[BlockLength];
        for (ulong counter = 0; digest.Length > 0; counter++)
        {
            Compress(chaining, block, counter, node.Length, node.Flags | Domain.Root, words);
            for (var i = 0; i < words.Length; i++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(output[(i * 4)..], words[i]);
            }

            var take = Math.Min(BlockLength, digest.Length);
            output[..take].CopyTo(digest);
            digest = digest[take..];
        }
    }

    /// <summary>Hashes a chunk except for its last block, which is left in <paramref name="block"/>.</summary>
    private static Node Chunk(ReadOnlySpan<byte> data, ulong chunk, Span<uint> chaining, Span<uint> block)
    {
        Iv.CopyTo(chaining);
        var flags = Domain.ChunkStart;
        for (; data.Length > BlockLength; data = data[BlockLength..])
        {
            Load(data[..BlockLength], block);
            Chain(new Node(chunk, BlockLength, flags), chaining, block);
            flags = Domain.None;
        }

        Span<byte> last = stackalloc byte[BlockLength];
        last.Clear();
        data.CopyTo(last);
        Load(last, block);
        return new Node(chunk, (uint)data.Length, flags | Domain.ChunkEnd);
    }

    private static Node Parent(ReadOnlySpan<uint> left, Span<uint> right, Span<uint> block)
    {
        left.CopyTo(block);
        right.CopyTo(block[Words..]);
        Iv.CopyTo(right);
        return new Node(0, BlockLength, Domain.Parent);
    }

    private static void Load(ReadOnlySpan<byte> bytes, Span<uint> block)
    {
        for (var i = 0; i < block.Length; i++)
        {
            block[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i * 4)..]);
        }
    }

    private static void Chain(Node node, Span<uint> chaining, ReadOnlySpan<uint> block)
    {
        Span<uint> words = stackalloc uint[2 * Words];
        Compress(chaining, block, node.Counter, node.Length, node.Flags, words);
        words[..Words].CopyTo(chaining);
    }

    private static void Compress(ReadOnlySpan<uint> chaining, ReadOnlySpan<uint> block, ulong counter, uint length, Domain flags, Span<uint> v)
    {
        chaining.CopyTo(v);
        Iv[..4].CopyTo(v[Words..]);
        v[12] = (uint)counter;
        v[13] = (uint)(counter >> 32);
        v[14] = length;
        v[15] = (uint)flags;
        Span<uint> m = stackalloc uint[2 * Words];
        Span<uint> permuted = stackalloc uint[2 * Words];
        block.CopyTo(m);
        for (var round = 0; round < Rounds; round++)
        {
            Mix(v, 0, 4, 8, 12, m[0], m[1]);
            Mix(v, 1, 5, 9, 13, m[2], m[3]);
            Mix(v, 2, 6, 10, 14, m[4], m[5]);
            Mix(v, 3, 7, 11, 15, m[6], m[7]);
            Mix(v, 0, 5, 10, 15, m[8], m[9]);
            Mix(v, 1, 6, 11, 12, m[10], m[11]);
            Mix(v, 2, 7, 8, 13, m[12], m[13]);
            Mix(v, 3, 4, 9, 14, m[14], m[15]);
            for (var i = 0; i < m.Length; i++)
            {
                permuted[i] = m[Permutation[i]];
            }

            permuted.CopyTo(m);
        }

        for (var i = 0; i < Words; i++)
        {
            v[i] ^= v[i + Words];
            v[i + Words] ^= chaining[i];
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

    /// <summary>What compressing a node takes beside its chaining value and block.</summary>
    private readonly record struct Node(ulong Counter, uint Length, Domain Flags);
}
