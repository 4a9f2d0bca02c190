using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Libp2p;

/// <summary>
/// The identity of a peer: the multihash of its public key (libp2p/specs, peer-ids). Keys whose protobuf form has at most 42 bytes (Ed25519, secp256k1) are inlined with
/// the identity hash, others (RSA, ECDSA) hashed with sha2-256; nothing else is a peer id. Immutable and thread-safe; compared by bytes.
/// </summary>
[JsonConverter(typeof(PeerIdJsonConverter))]
[TypeConverter(typeof(PeerIdTypeConverter))]
public sealed partial class PeerId : IEquatable<PeerId>, IComparable<PeerId>, ISpanParsable<PeerId>, ISpanFormattable
{
    /// <summary>The longest key, in bytes of its protobuf form, that is inlined.</summary>
    public const int MaxInlineKeyLength = 42;

    /// <summary>The longest multihash of a peer id, in bytes.</summary>
    public const int MaxLength = 2 + MaxInlineKeyLength;

    private const byte IdentityCode = 0x00;
    private const byte Sha256Code = 0x12;

    private readonly Inline _multihash;
    private readonly byte _length;
    private byte[]? _memory;
    private string? _text;

    private PeerId(ReadOnlySpan<byte> multihash)
    {
        multihash.CopyTo(_multihash);
        _length = (byte)multihash.Length;
    }

    /// <summary>The multihash: 34 bytes for sha2-256, up to <see cref="MaxLength"/> for an inlined key.</summary>
    public ReadOnlySpan<byte> Bytes => ((ReadOnlySpan<byte>)_multihash)[.._length];

    /// <summary>The multihash, for those who keep it; copied when it is first asked for.</summary>
    public ReadOnlyMemory<byte> Memory => _memory ??= Bytes.ToArray();

    /// <summary>The peer id of a public key.</summary>
    public static PeerId FromPublicKey(PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var protobuf = key.Protobuf.Span;
        Span<byte> multihash = stackalloc byte[MaxLength];
        if (protobuf.Length <= MaxInlineKeyLength)
        {
            multihash[0] = IdentityCode;
            multihash[1] = (byte)protobuf.Length;
            protobuf.CopyTo(multihash[2..]);
            return new(multihash[..(2 + protobuf.Length)]);
        }

        multihash[0] = Sha256Code;
        multihash[1] = SHA256.HashSizeInBytes;
        SHA256.HashData(protobuf, multihash[2..]);
        return new(multihash[..(2 + SHA256.HashSizeInBytes)]);
    }

    /// <summary>Reads the multihash form.</summary>
    /// <exception cref="FormatException">Not a peer id.</exception>
    public static PeerId FromBytes(ReadOnlySpan<byte> multihash) =>
        TryFromBytes(multihash, out var result) ? result : throw new FormatException("Not a peer id: neither a sha2-256 multihash nor an inlined key of at most 42 bytes.");

    /// <summary>Reads the multihash form; false where it is no peer id.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> multihash, [NotNullWhen(true)] out PeerId? result)
    {
        var valid = multihash.Length >= 2 && multihash[1] == multihash.Length - 2 && multihash[0] switch
        {
            IdentityCode => multihash.Length is > 2 and <= MaxLength,
            Sha256Code => multihash.Length == 2 + SHA256.HashSizeInBytes,
            _ => false,
        };
        result = valid ? new PeerId(multihash) : null;
        return valid;
    }

    /// <summary>The public key, where it is inlined in the id (Ed25519, secp256k1); false for hashed keys, and where what is inlined is no key.</summary>
    public bool TryGetPublicKey([NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        return Bytes[0] == IdentityCode && PublicKey.TryFromProtobuf(Bytes[2..], out key) && Matches(key);
    }

    /// <summary>Whether this is the id of that key.</summary>
    public bool Matches(PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Equals(key.PeerId);
    }

    /// <inheritdoc/>
    public bool Equals(PeerId? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PeerId);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public int CompareTo(PeerId? other) => other is null ? 1 : Bytes.SequenceCompareTo(other.Bytes);

    /// <summary>Whether both are the same id.</summary>
    public static bool operator ==(PeerId? left, PeerId? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(PeerId? left, PeerId? right) => !(left == right);

    // In the object itself, so that a peer id is one allocation.
    [InlineArray(MaxLength)]
    private struct Inline
    {
        private byte _first;
    }
}
