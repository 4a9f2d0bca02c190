using System.Diagnostics.CodeAnalysis;

namespace Libp2p;

/// <summary><c>/pk/</c>: the public key, in its protobuf form, of the peer that the key names. There is one such value a key, so that any is the best.</summary>
internal sealed class PublicKeyValidator : IRecordValidator
{
    public string Namespace => RecordKey.PublicKeys;

    public bool Validate(DhtRecord record, DateTimeOffset now, [NotNullWhen(false)] out string? why)
    {
        why = !record.Key.TryGetPeer(out var peer) ? "The key of the record names no peer."
            : !PublicKey.TryFromProtobuf(record.Value.Span, out var key) ? "The record holds no public key."
            : !key.Protobuf.Span.SequenceEqual(record.Value.Span) ? "The public key in the record is not in its canonical form."
            : !peer.Matches(key) ? $"The record holds the key of {key.PeerId}, not of {peer}."
            : null;
        return why is null;
    }

    public int Select(RecordKey key, IReadOnlyList<ReadOnlyMemory<byte>> values) => 0;
}
