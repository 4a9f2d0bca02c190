using System.Diagnostics.CodeAnalysis;

namespace Libp2p;

/// <summary>A namespace whose keys are peers (their multihash), and whose values are what those peers signed, valid by one scheme.</summary>
public sealed class SignedRecordValidator : IRecordValidator
{
    private readonly ValidityScheme _scheme;

    /// <param name="namespace">The namespace, without slashes.</param>
    /// <param name="scheme">What makes its records valid, and which is the better.</param>
    public SignedRecordValidator(string @namespace, ValidityScheme scheme)
    {
        ArgumentException.ThrowIfNullOrEmpty(@namespace);
        ArgumentNullException.ThrowIfNull(scheme);
        (Namespace, _scheme) = (@namespace, scheme);
    }

    /// <inheritdoc/>
    public string Namespace { get; }

    /// <inheritdoc/>
    public bool Validate(DhtRecord record, DateTimeOffset now, [NotNullWhen(false)] out string? why)
    {
        ArgumentNullException.ThrowIfNull(record);
        var opened = Open(record.Key, record.Value.Span, out var refusal);
        why = refusal ?? "";
        return opened is not null && _scheme.IsValid(opened, record.TimeReceived ?? now, now, out why);
    }

    /// <inheritdoc/>
    public int Select(RecordKey key, IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(values);
        var (best, index) = ((SignedRecord?)null, 0);
        for (var i = 0; i < values.Count; i++)
        {
            if (Open(key, values[i].Span, out _) is not { } candidate || (best is not null && _scheme.Compare(candidate, best) <= 0)) continue;
            (best, index) = (candidate, i);
        }

        return index;
    }

    private SignedRecord? Open(RecordKey key, ReadOnlySpan<byte> value, out string? why)
    {
        if (!key.TryGetPeer(out var peer))
        {
            why = "The key of the record names no peer.";
            return null;
        }

        try
        {
            var record = SignedRecord.Open(Namespace, value);
            why = peer.Matches(record.Signer) ? null : $"The record is signed by {record.Signer.PeerId}, not by {peer}.";
            return why is null ? record : null;
        }
        catch (RecordException e)
        {
            why = e.Message;
            return null;
        }
    }
}
