using System.Buffers.Binary;

namespace Libp2p.Benchmarks.Roles.Ceiling;

/// <summary>A yamux header of the one stream there is: data, or credit.</summary>
internal static class CeilingFrame
{
    public const int HeaderSize = 12;

    /// <summary>The largest plaintext of a record, and the body that fills it.</summary>
    public const int MaxRecord = 65535 - CeilingCipher.TagSize;
    public const int MaxBody = MaxRecord - HeaderSize;

    private const byte Credit = 1;

    public static void WriteData(Span<byte> header, int length) => Write(header, 0, length);

    public static void WriteCredit(Span<byte> header, int bytes) => Write(header, Credit, bytes);

    public static (bool IsCredit, int Length) Read(ReadOnlySpan<byte> header) => (header[1] == Credit, BinaryPrimitives.ReadInt32BigEndian(header[8..]));

    private static void Write(Span<byte> header, byte type, int length)
    {
        header[..8].Clear();
        header[1] = type;
        header[7] = 1;
        BinaryPrimitives.WriteInt32BigEndian(header[8..], length);
    }
}
