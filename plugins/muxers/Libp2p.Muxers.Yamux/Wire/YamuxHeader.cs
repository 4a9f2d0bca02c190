using System.Buffers.Binary;

namespace Libp2p.Muxers.Yamux.Wire;

/// <summary>What a frame is.</summary>
internal enum FrameType : byte
{
    /// <summary>Bytes of a stream; the length counts the bytes that follow the header.</summary>
    Data = 0,

    /// <summary>Credit for a stream; the length is the delta. With RST it is the error code.</summary>
    WindowUpdate = 1,

    /// <summary>SYN asks, ACK answers; the length is an opaque value.</summary>
    Ping = 2,

    /// <summary>The session ends; the length is the reason.</summary>
    GoAway = 3,
}

/// <summary>What a frame does to its stream besides its type.</summary>
[Flags]
internal enum FrameFlags : ushort
{
    None = 0,

    /// <summary>Opens the stream.</summary>
    Syn = 1,

    /// <summary>Acknowledges the opening.</summary>
    Ack = 2,

    /// <summary>The sender will send no more data.</summary>
    Fin = 4,

    /// <summary>The stream is gone, both ways.</summary>
    Rst = 8,

    All = Syn | Ack | Fin | Rst,
}

/// <summary>The reasons of a go-away that yamux itself defines; libp2p's connection error codes travel in the same field.</summary>
internal static class GoAwayReason
{
    public const uint Normal = 0;
    public const uint ProtocolError = 1;
    public const uint InternalError = 2;
}

/// <summary>
/// The header of every yamux frame, 12 bytes, big-endian (yamux specification, Framing):
/// <code>
/// | version (8, always 0) | type (8) | flags (16) | stream id (32) | length (32) |
/// </code>
/// </summary>
internal readonly record struct YamuxHeader(FrameType Type, FrameFlags Flags, uint StreamId, uint Length)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 12;

    /// <summary>Reads a header.</summary>
    /// <param name="source">At least <see cref="Size"/> bytes.</param>
    /// <exception cref="MuxerException">Another version, an unknown type, or a reserved flag.</exception>
    public static YamuxHeader Read(ReadOnlySpan<byte> source)
    {
        var first = BinaryPrimitives.ReadUInt32BigEndian(source);

        // Version 0, type 0 to 3 and flags 0 to 15 leave exactly these bits.
        if ((first & ~0x0003_000Fu) != 0)
        {
            throw Malformed(first);
        }

        return new YamuxHeader(
            (FrameType)(first >> 16),
            (FrameFlags)(first & 0xF),
            BinaryPrimitives.ReadUInt32BigEndian(source[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[8..]));
    }

    /// <summary>Writes the header.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, ((uint)Type << 16) | (uint)Flags);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], StreamId);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Length);
    }

    private static MuxerException Malformed(uint first)
    {
        var what = (first >> 24) != 0 ? $"version {first >> 24}"
            : (first >> 16 & 0xFF) > 3 ? $"frame type {first >> 16 & 0xFF}"
            : $"flags 0x{first & 0xFFFF:x}";
        return new MuxerException($"The remote sent a yamux frame with unknown {what}.", new ConnectionErrorCode(GoAwayReason.ProtocolError));
    }
}
