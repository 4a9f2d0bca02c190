using System.Buffers.Binary;
using System.Numerics;

namespace Libp2p.Multiformats;

/// <summary>MurmurHash3 x64 128, seed 0, of which UnixFS directories keep the first 64 bits, big-endian. Not cryptographic.</summary>
internal static class Murmur3
{
    private const ulong C1 = 0x87c37b91114253d5;
    private const ulong C2 = 0x4cf5ad432745937f;
    private const int BlockLength = 16;

    public static void Hash64(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        var length = (ulong)data.Length;
        ulong h1 = 0, h2 = 0;
        for (; data.Length >= BlockLength; data = data[BlockLength..])
        {
            h1 ^= Scramble1(BinaryPrimitives.ReadUInt64LittleEndian(data));
            h1 = (((BitOperations.RotateLeft(h1, 27)) + h2) * 5) + 0x52dce729;
            h2 ^= Scramble2(BinaryPrimitives.ReadUInt64LittleEndian(data[8..]));
            h2 = (((BitOperations.RotateLeft(h2, 31)) + h1) * 5) + 0x38495ab5;
        }

        Span<byte> tail = stackalloc byte[BlockLength];
        tail.Clear();
        data.CopyTo(tail);
        h1 ^= Scramble1(BinaryPrimitives.ReadUInt64LittleEndian(tail));
        h2 ^= Scramble2(BinaryPrimitives.ReadUInt64LittleEndian(tail[8..]));

        h1 ^= length;
        h2 ^= length;
        h1 += h2;
        h2 += h1;
        BinaryPrimitives.WriteUInt64BigEndian(digest, Finish(h1) + Finish(h2));
    }

    private static ulong Scramble1(ulong k) => BitOperations.RotateLeft(k * C1, 31) * C2;

    private static ulong Scramble2(ulong k) => BitOperations.RotateLeft(k * C2, 33) * C1;

    private static ulong Finish(ulong h)
    {
        h = (h ^ (h >> 33)) * 0xff51afd7ed558ccd;
        h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53;
        return h ^ (h >> 33);
    }
}
