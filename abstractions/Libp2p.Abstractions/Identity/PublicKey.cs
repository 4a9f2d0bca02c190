namespace Libp2p;

/// <summary>A libp2p public key. Immutable; its protobuf form is computed once.</summary>
public abstract class PublicKey : IEquatable<PublicKey>
{
    /// <summary>The kind of key.</summary>
    public abstract KeyType Type { get; }

    /// <summary>The protobuf form (<c>Type</c>, <c>Data</c>) of the peer-ids specification, the one that peer ids hash.</summary>
    public abstract ReadOnlyMemory<byte> Protobuf { get; }

    /// <summary>The peer id of this key; computed once.</summary>
    public abstract PeerId PeerId { get; }

    /// <summary>Whether the signature over the message is this key's. Never throws for a malformed signature.</summary>
    public abstract bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

    /// <summary>Reads the protobuf form.</summary>
    /// <exception cref="KeyFormatException">Malformed, of an unknown type, or outside the accepted sizes.</exception>
    public static PublicKey FromProtobuf(ReadOnlySpan<byte> bytes) => throw new NotImplementedException();

    /// <inheritdoc/>
    public bool Equals(PublicKey? other) => other is not null && Protobuf.Span.SequenceEqual(other.Protobuf.Span);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as PublicKey);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => PeerId.GetHashCode();
}
