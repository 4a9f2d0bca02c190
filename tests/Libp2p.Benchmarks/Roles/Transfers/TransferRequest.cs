using System.Buffers.Binary;

namespace Libp2p.Benchmarks.Roles.Transfers;

/// <summary>What the dialer asks for: bytes that it sends and has acknowledged by one byte, or that it wants to get.</summary>
internal readonly record struct TransferRequest(bool Down, long Bytes, int Block)
{
    public const int Size = 24;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination, Down ? 1 : 0);
        BinaryPrimitives.WriteInt64BigEndian(destination[8..], Bytes);
        BinaryPrimitives.WriteInt64BigEndian(destination[16..], Block);
    }

    public static TransferRequest Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadInt64BigEndian(source) == 1, BinaryPrimitives.ReadInt64BigEndian(source[8..]), (int)BinaryPrimitives.ReadInt64BigEndian(source[16..]));
}
