using System.Collections.Immutable;
using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>Where a peer is, as it signed it itself (libp2p RFC 0003). Immutable; compared by value.</summary>
/// <param name="PeerId">Whose addresses.</param>
/// <param name="Sequence">Higher replaces lower.</param>
/// <param name="Addresses">The addresses, without <c>/p2p</c>.</param>
public sealed partial record PeerRecord(PeerId PeerId, ulong Sequence, ImmutableArray<Multiaddr> Addresses)
{
    /// <summary>The addresses, without <c>/p2p</c>; empty, never default.</summary>
    public ImmutableArray<Multiaddr> Addresses { get; init; } = Addresses.IsDefault ? [] : Addresses;

    /// <summary>What peer records are signed for.</summary>
    public const string Domain = "libp2p-peer-record";

    /// <summary>Most addresses of a record that is read or written.</summary>
    public const int MaxAddresses = 500;

    /// <summary>The domain of rust-libp2p's older form.</summary>
    private const string LegacyDomain = "libp2p-routing-state";

    /// <summary>The payload type: multicodec libp2p-peer-record, 0x0301, as its two bytes.</summary>
    public static ReadOnlySpan<byte> PayloadType => [0x03, 0x01];

    private static ReadOnlySpan<byte> LegacyPayloadType => "/libp2p/routing-state-record"u8;

    /// <summary>Signs the record; the standard form, never the older one.</summary>
    /// <exception cref="ArgumentException">The key is not that of <see cref="PeerId"/>, or there are more than <see cref="MaxAddresses"/>.</exception>
    public SignedEnvelope Seal(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!PeerId.Matches(key.PublicKey)) throw new ArgumentException($"The key is that of {key.PublicKey.PeerId}, not of {PeerId}.", nameof(key));
        return SignedEnvelope.Seal(key, Domain, PayloadType, ToProtobuf());
    }

    /// <summary>Reads a signed record, in the standard form or in the older one of rust-libp2p (domain <c>libp2p-routing-state</c>).</summary>
    /// <param name="envelope">The protobuf form of the envelope.</param>
    /// <exception cref="RecordException">Malformed, no peer record, badly signed, or signed by another peer than it tells of.</exception>
    public static PeerRecord Open(ReadOnlySpan<byte> envelope) => Open(envelope, out _);

    /// <summary>Reads a signed record, as <see cref="Open(ReadOnlySpan{byte})"/> does, and returns the envelope beside it, for those who pass it on.</summary>
    /// <exception cref="RecordException">Malformed, no peer record, badly signed, or signed by another peer than it tells of.</exception>
    public static PeerRecord Open(ReadOnlySpan<byte> envelope, out SignedEnvelope opened)
    {
        opened = SignedEnvelope.Decode(envelope);
        var type = opened.PayloadType.Span;
        var domain = type.SequenceEqual(PayloadType) ? Domain
            : type.SequenceEqual(LegacyPayloadType) ? LegacyDomain
            : throw new RecordException("The envelope holds no peer record.");
        if (!opened.IsSignedFor(domain)) throw new RecordException("The signature of the peer record is not its signer's.");
        var record = FromProtobuf(opened.Payload.Span);
        return record.PeerId.Matches(opened.Signer)
            ? record
            : throw new RecordException($"The record tells of {record.PeerId}, but {opened.Signer.PeerId} signed it.");
    }

    /// <inheritdoc/>
    public bool Equals(PeerRecord? other) =>
        other is not null && Sequence == other.Sequence && PeerId == other.PeerId && Addresses.AsSpan().SequenceEqual(other.Addresses.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(PeerId, Sequence, Addresses.Length);
}
