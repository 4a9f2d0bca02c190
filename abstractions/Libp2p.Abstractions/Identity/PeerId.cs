using System.Diagnostics.CodeAnalysis;

namespace Libp2p;

/// <summary>The identity of a peer: the multihash of its public key (libp2p/specs, peer-ids). Immutable; compared by bytes.</summary>
public sealed class PeerId : IEquatable<PeerId>, IComparable<PeerId>, ISpanParsable<PeerId>
{
    private readonly byte[] _multihash;

    private PeerId(byte[] multihash) => _multihash = multihash;

    /// <summary>The multihash, 34 bytes for sha2-256, up to 44 for an inlined key.</summary>
    public ReadOnlySpan<byte> Bytes => _multihash;

    /// <summary>The peer id of a public key.</summary>
    public static PeerId FromPublicKey(PublicKey key) => throw new NotImplementedException();

    /// <summary>Reads the multihash form.</summary>
    /// <exception cref="FormatException">Not a peer id.</exception>
    public static PeerId FromBytes(ReadOnlySpan<byte> multihash) => new(multihash.ToArray());

    /// <summary>Reads the base58 form (<c>12D3Koo…</c>, <c>Qm…</c>) or the CIDv1 form (<c>bafz…</c>, any multibase).</summary>
    /// <exception cref="FormatException">Not a peer id.</exception>
    public static PeerId Parse(string text) => throw new NotImplementedException();

    /// <inheritdoc cref="Parse(string)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, [MaybeNullWhen(false)] out PeerId result) => throw new NotImplementedException();

    /// <summary>The public key, where it is inlined in the id (Ed25519, secp256k1).</summary>
    public bool TryGetPublicKey([NotNullWhen(true)] out PublicKey? key) => throw new NotImplementedException();

    /// <summary>Whether this is the id of that key.</summary>
    public bool Matches(PublicKey key) => throw new NotImplementedException();

    /// <summary>The CIDv1 text form (libp2p-key, base36 by the specification's recommendation is for names; here base32).</summary>
    public string ToCidString() => throw new NotImplementedException();

    /// <summary>The base58 form.</summary>
    public override string ToString() => throw new NotImplementedException();

    /// <inheritdoc/>
    public bool Equals(PeerId? other) => other is not null && _multihash.AsSpan().SequenceEqual(other._multihash);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PeerId);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_multihash);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public int CompareTo(PeerId? other) => other is null ? 1 : _multihash.AsSpan().SequenceCompareTo(other._multihash);

    /// <summary>Whether both are the same id.</summary>
    public static bool operator ==(PeerId? left, PeerId? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(PeerId? left, PeerId? right) => !(left == right);

    static PeerId IParsable<PeerId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<PeerId>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out PeerId result) => TryParse(s, out result);

    static PeerId ISpanParsable<PeerId>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s.ToString());

    static bool ISpanParsable<PeerId>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out PeerId result) => TryParse(s.ToString(), out result);
}
