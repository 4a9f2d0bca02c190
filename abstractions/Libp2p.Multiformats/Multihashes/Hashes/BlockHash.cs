using System.Buffers.Binary;

namespace Libp2p.Multiformats;

/// <summary>What the hash functions of the MD4 family share (Merkle and Damgård): blocks, and padding by a bit, zeros, and the length in bits.</summary>
internal static class BlockHash
{
    private const int MaxBlockSize = 128;

    /// <summary>Takes one block into the state.</summary>
    public delegate void Compression<TWord>(ReadOnlySpan<byte> block, Span<TWord> state);

    /// <summary>Takes all data into the state.</summary>
    /// <param name="data">The data.</param>
    /// <param name="state">Starts as the function's initial value.</param>
    /// <param name="blockSize">Bytes of a block; an eighth of it is for the length.</param>
    /// <param name="bigEndian">Of the length.</param>
    /// <param name="compress">The function's own part.</param>
    public static void Run<TWord>(ReadOnlySpan<byte> data, Span<TWord> state, int blockSize, bool bigEndian, Compression<TWord> compress)
    {
        var bits = (ulong)data.Length * 8;
        for (; data.Length >= blockSize; data = data[blockSize..])
        {
            compress(data[..blockSize], state);
        }

        Span<byte> tail = stackalloc byte[2 * MaxBlockSize];
        tail.Clear();
        data.CopyTo(tail);
        tail[data.Length] = 0x80;
        tail = tail[..(data.Length + 1 + (blockSize / 8) <= blockSize ? blockSize : 2 * blockSize)];
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt64BigEndian(tail[^8..], bits);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(tail[^8..], bits);
        }

        for (; tail.Length > 0; tail = tail[blockSize..])
        {
            compress(tail[..blockSize], state);
        }
    }
}
