using Libp2p.Muxers.Yamux.Wire;

namespace Libp2p.Muxers.Yamux.Tests.Support;

/// <summary>A frame as it crossed the wire.</summary>
internal sealed record Frame(YamuxHeader Header, byte[] Body)
{
    public FrameType Type => Header.Type;

    public FrameFlags Flags => Header.Flags;

    public uint Stream => Header.StreamId;

    public uint Length => Header.Length;

    /// <summary>Reads whole frames; stops at a part of one.</summary>
    public static List<Frame> ReadAll(ReadOnlySpan<byte> bytes)
    {
        var frames = new List<Frame>();
        while (bytes.Length >= YamuxHeader.Size)
        {
            var header = YamuxHeader.Read(bytes);
            var body = header.Type == FrameType.Data ? (int)header.Length : 0;
            if (bytes.Length < YamuxHeader.Size + body)
            {
                break;
            }

            frames.Add(new Frame(header, bytes.Slice(YamuxHeader.Size, body).ToArray()));
            bytes = bytes[(YamuxHeader.Size + body)..];
        }

        return frames;
    }
}
