using System.Globalization;
using System.Text;

namespace Libp2p.Node.Commands.Inspect.Formats;

/// <summary>Records: of names (IPNS), and those that peers keep for each other.</summary>
internal static class RecordParts
{
    private static readonly string?[] IpnsFields = [null, "value (older form)", "signature (older form)", "validity type (older form)", "validity (older form)", "sequence (older form)", "time to live (older form)", "key", "signature", "data"];

    /// <param name="bytes">What may be a record of a name.</param>
    /// <param name="name">The name; null: that of the key in the record.</param>
    /// <param name="now">The time.</param>
    public static Inspection? TryInspectIpns(ReadOnlyMemory<byte> bytes, PeerId? name, DateTimeOffset now)
    {
        List<Part> parts = [];
        var (signature, data) = (false, false);
        var reader = new PartReader(bytes);
        while (reader.TryTakeField(out var number, out var scalar, out var content, out var field))
        {
            if (number is < 1 or > 9) return null;
            signature |= number == 8;
            data |= number == 9;
            if (number == 7 && name is null && PublicKey.TryFromProtobuf(content.Span, out var key)) name = key.PeerId;
            parts.Add(field with
            {
                Name = IpnsFields[number]!,
                Value = number switch
                {
                    1 or 4 => Encoding.UTF8.GetString(content.Span),
                    3 or 5 or 6 => scalar.ToString(CultureInfo.InvariantCulture),
                    _ => string.Create(CultureInfo.InvariantCulture, $"{content.Length} bytes"),
                },
            });
        }

        if (!reader.AtEnd || !signature || !data) return null;
        if (name is null) return new("ipns-record", "", bytes, parts, ["Its name is not in it: name it with --name to have the signature checked."]);
        return new("ipns-record", name.ToString(), bytes, parts, IpnsRecord.TryOpen(name, bytes.Span, out var record, out var error)
            ? [
                $"The signature is that of {name}.",
                $"It points to {record.ValueText}, with the sequence number {record.Sequence}, to be kept for {record.TimeToLive}.",
                record.IsValidAt(now) ? $"It is valid until {record.ValidityText}." : $"It expired at {record.ValidityText}.",
            ]
            : [error]);
    }

    public static Inspection Inspect(DhtRecord record, ReadOnlyMemory<byte> bytes, DateTimeOffset now)
    {
        List<Part> parts = [];
        var reader = new PartReader(bytes);
        while (reader.TryTakeField(out var number, out _, out var content, out var field))
        {
            parts.Add(number switch
            {
                1 => field with { Name = "key", Value = record.Key.ToString() },
                2 => field with { Name = "value", Value = string.Create(CultureInfo.InvariantCulture, $"{content.Length} bytes") },
                5 => field with { Name = "received", Value = Encoding.UTF8.GetString(content.Span) },
                _ => field with { Name = "unknown field" },
            });
        }

        parts.AddRange(reader.TakeUnknown());
        List<string> notes = [new RecordValidators(RecordValidators.Standard).Validate(record, now, out var why) ? "It may stand under its key." : why];
        if (record.Key.Namespace == RecordKey.Ipns && record.Key.TryGetPeer(out var name) && TryInspectIpns(record.Value, name, now) is { } ipns) notes.AddRange(ipns.Notes);
        return new("record", record.Key.ToString(), bytes, parts, notes);
    }
}
