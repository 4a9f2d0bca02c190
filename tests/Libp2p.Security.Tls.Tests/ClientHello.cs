using System.Buffers.Binary;

namespace Libp2p.Security.Tls.Tests;

/// <summary>Looks into what a dialer sends first (RFC 8446, section 4.1.2).</summary>
internal static class ClientHello
{
    /// <summary>The types of its extensions.</summary>
    public static List<int> Extensions(ReadOnlySpan<byte> sent)
    {
        // Record header, message header, version, random.
        var at = 5 + 4 + 2 + 32;
        at += 1 + sent[at];
        at += 2 + BinaryPrimitives.ReadUInt16BigEndian(sent[at..]);
        at += 1 + sent[at];
        var rest = sent.Slice(at + 2, BinaryPrimitives.ReadUInt16BigEndian(sent[at..]));
        var types = new List<int>();
        while (!rest.IsEmpty)
        {
            types.Add(BinaryPrimitives.ReadUInt16BigEndian(rest));
            rest = rest[(4 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]))..];
        }

        return types;
    }
}
