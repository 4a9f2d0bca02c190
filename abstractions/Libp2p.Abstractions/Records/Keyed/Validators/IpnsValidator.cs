using System.Diagnostics.CodeAnalysis;

namespace Libp2p;

/// <summary><c>/ipns/</c>: a record that the name's key signed and that has not expired. The best is that of <see cref="IpnsRecord.Compare"/>.</summary>
internal sealed class IpnsValidator : IRecordValidator
{
    public string Namespace => RecordKey.Ipns;

    public bool Validate(DhtRecord record, DateTimeOffset now, [NotNullWhen(false)] out string? why)
    {
        if (!record.Key.TryGetPeer(out var name))
        {
            why = "The key of the record names no peer.";
            return false;
        }

        if (!IpnsRecord.TryOpen(name, record.Value.Span, out var opened, out why)) return false;
        why = opened.IsValidAt(now) ? null : $"The IPNS record expired at {opened.ValidityText}.";
        return why is null;
    }

    public int Select(RecordKey key, IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        var (best, index) = ((IpnsRecord?)null, 0);
        if (!key.TryGetPeer(out var name)) return index;
        for (var i = 0; i < values.Count; i++)
        {
            if (!IpnsRecord.TryOpen(name, values[i].Span, out var candidate, out _) || (best is not null && IpnsRecord.Compare(candidate, best) <= 0)) continue;
            (best, index) = (candidate, i);
        }

        return index;
    }
}
