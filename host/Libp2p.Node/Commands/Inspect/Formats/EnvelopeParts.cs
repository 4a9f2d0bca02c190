using System.Globalization;
using System.Text;
using Libp2p.Multiformats;

namespace Libp2p.Node.Commands.Inspect.Formats;

/// <summary>Signed envelopes (RFC 0002), and the peer records (RFC 0003) in them.</summary>
internal static class EnvelopeParts
{
    private static readonly string[] Domains = [PeerRecord.Domain, "libp2p-routing-state", "libp2p-relay-rsvp"];

    /// <param name="bytes">What may be an envelope.</param>
    /// <param name="domain">What it is said to be signed for; null: one of those that are known.</param>
    public static Inspection? TryInspect(ReadOnlyMemory<byte> bytes, string? domain)
    {
        var (parts, signer) = Cut(bytes);
        if (signer is null) return null;
        var signedFor = (domain is null ? Domains : [domain]).FirstOrDefault(candidate => SignedEnvelope.TryOpen(bytes.Span, candidate, out _, out _));
        List<string> notes = [$"The key in it is that of {signer.PeerId}."];
        notes.Add(signedFor is not null ? $"The signature is that key's, for the domain '{signedFor}'."
            : domain is not null ? $"The signature is not that key's for the domain '{domain}'."
            : "The signature is not that key's for any domain that is known; name one with --domain.");
        try
        {
            var record = PeerRecord.Open(bytes.Span);
            notes.Add($"It says that {record.PeerId} has {record.Addresses.Length} addresses.");
        }
        catch (RecordException e)
        {
            if (signedFor == PeerRecord.Domain) notes.Add(e.Message);
        }

        return new("envelope", signer.PeerId.ToString(), bytes, parts, notes);
    }

    public static Inspection Inspect(PeerRecord record, ReadOnlyMemory<byte> bytes) =>
        new("peer-record", record.PeerId.ToString(), bytes, Record(bytes, 0), ["It is not signed: anybody may have written it."]);

    private static (IReadOnlyList<Part> Parts, PublicKey? Signer) Cut(ReadOnlyMemory<byte> bytes)
    {
        List<Part> parts = [];
        PublicKey? signer = null;
        var (payload, signature) = (false, false);
        var reader = new PartReader(bytes);
        while (reader.TryTakeField(out var number, out _, out var content, out var field))
        {
            var start = reader.Offset - content.Length;
            switch (number)
            {
                case 1 when PublicKey.TryFromProtobuf(content.Span, out signer):
                    parts.Add(field with { Name = "key", Value = signer.PeerId.ToString(), Parts = KeyParts.Of(content, start) });
                    break;
                case 2:
                    parts.Add(field with { Name = "payload type", Value = PayloadType(content.Span) });
                    break;
                case 3:
                    payload = true;
                    parts.Add(field with { Name = "payload", Value = Size(content), Parts = Record(content, start) });
                    break;
                case 5:
                    signature = true;
                    parts.Add(field with { Name = "signature", Value = Size(content) });
                    break;
                default:
                    return ([], null);
            }
        }

        return reader.AtEnd && payload && signature ? (parts, signer) : ([], null);
    }

    private static IReadOnlyList<Part> Record(ReadOnlyMemory<byte> bytes, int offset)
    {
        try
        {
            _ = PeerRecord.FromProtobuf(bytes.Span);
        }
        catch (RecordException)
        {
            return [];
        }

        List<Part> parts = [];
        var reader = new PartReader(bytes, offset);
        while (reader.TryTakeField(out var number, out var scalar, out var content, out var field))
        {
            parts.Add(number switch
            {
                1 when PeerId.TryFromBytes(content.Span, out var peer) => field with { Name = "peer", Value = peer.ToString() },
                2 => field with { Name = "sequence", Value = scalar.ToString(CultureInfo.InvariantCulture) },
                3 => Address(field, content, reader.Offset - content.Length),
                _ => field with { Name = "unknown field" },
            });
        }

        parts.AddRange(reader.TakeUnknown());
        return parts;
    }

    private static Part Address(Part field, ReadOnlyMemory<byte> info, int offset)
    {
        var reader = new PartReader(info, offset);
        return reader.TryTakeField(out var number, out _, out var content, out _) && number == 1 && Multiaddr.TryDecode(content.Span, out var address, out _)
            ? field with { Name = "address", Value = address.ToString(), Parts = MultiaddrParts.Of(content, reader.Offset - content.Length) }
            : field with { Name = "address", Value = "of protocols that are not known here" };
    }

    private static string PayloadType(ReadOnlySpan<byte> type) =>
        type.SequenceEqual(PeerRecord.PayloadType) ? "libp2p-peer-record"
        : type.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Convert.ToHexStringLower(type)
        : Encoding.ASCII.GetString(type);

    private static string Size(ReadOnlyMemory<byte> content) => string.Create(CultureInfo.InvariantCulture, $"{content.Length} bytes");
}
