using System.Diagnostics.CodeAnalysis;

namespace Libp2p;

/// <summary>A libp2p public key (libp2p/specs, peer-ids). Immutable and thread-safe; compared by its protobuf form.</summary>
/// <remarks>
/// Accepted: RSA of 2048 to 8192 bits, Ed25519, ECDSA over P-256, P-384 and P-521, secp256k1. A key that arrives in another spelling of the same value (unknown
/// protobuf fields, an uncompressed secp256k1 point) is kept in the canonical one, so that a peer has one id however its key was sent; DER is never re-spelled: what
/// is not canonical there is refused.
/// </remarks>
public abstract partial class PublicKey : IEquatable<PublicKey>
{
    private readonly byte[] _protobuf;
    private readonly int _dataStart;
    private PeerId? _peerId;

    private protected PublicKey(KeyType type, ReadOnlyMemory<byte> data)
    {
        Type = type;
        _protobuf = KeyProtobuf.EncodePublic(type, data);
        _dataStart = _protobuf.Length - data.Length;
    }

    /// <summary>The kind of key.</summary>
    public KeyType Type { get; }

    /// <summary>The protobuf form (<c>Type</c>, <c>Data</c>) of the peer-ids specification, the one that peer ids hash.</summary>
    public ReadOnlyMemory<byte> Protobuf => _protobuf;

    /// <summary>The bare key: 32 bytes for Ed25519, a compressed point of 33 bytes for secp256k1, a DER SubjectPublicKeyInfo for RSA and ECDSA.</summary>
    public ReadOnlyMemory<byte> Data => _protobuf.AsMemory(_dataStart);

    /// <summary>The peer id of this key; computed once.</summary>
    public PeerId PeerId => _peerId ??= PeerId.FromPublicKey(this);

    /// <summary>Whether the signature over the message is this key's. Never throws for a malformed signature.</summary>
    public abstract bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

    /// <summary>Reads the protobuf form.</summary>
    /// <exception cref="KeyFormatException">Malformed, of an unknown type, or outside the accepted sizes.</exception>
    public static PublicKey FromProtobuf(ReadOnlySpan<byte> bytes)
    {
        var data = KeyProtobuf.DecodePublic(bytes, out var type);
        return FromData(type, data);
    }

    /// <summary>Reads the protobuf form; false where <see cref="FromProtobuf"/> would throw.</summary>
    public static bool TryFromProtobuf(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PublicKey? key)
    {
        try
        {
            key = FromProtobuf(bytes);
            return true;
        }
        catch (KeyFormatException)
        {
            key = null;
            return false;
        }
    }

    /// <summary>Reads a bare key, in the form of <see cref="Data"/>.</summary>
    /// <exception cref="KeyFormatException">Malformed, of an unknown type, or outside the accepted sizes.</exception>
    public static PublicKey FromData(KeyType type, ReadOnlySpan<byte> data) => type switch
    {
        KeyType.Ed25519 => Ed25519PublicKey.Read(data),
        KeyType.Rsa => RsaPublicKey.Read(data),
        KeyType.Ecdsa => EcdsaPublicKey.Read(data),
        KeyType.Secp256k1 => Secp256k1PublicKey.Read(data),
        _ => throw new KeyFormatException($"Key type {(int)type} is not known."),
    };

    /// <inheritdoc/>
    public bool Equals(PublicKey? other) => other is not null && _protobuf.AsSpan().SequenceEqual(other._protobuf);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as PublicKey);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => PeerId.GetHashCode();

    /// <summary>Shows the type and the peer id.</summary>
    public sealed override string ToString() => $"{Type} public key of {PeerId}";

    /// <summary>Whether both are the same key.</summary>
    public static bool operator ==(PublicKey? left, PublicKey? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(PublicKey? left, PublicKey? right) => !(left == right);
}
