using System.Diagnostics.CodeAnalysis;

namespace Libp2p.Multiformats;

/// <summary>
/// A digest that names its hash function (github.com/multiformats/multihash): varint code, varint length, digest. Equal when the bytes are.
/// </summary>
/// <remarks>
/// A struct around memory that it owns or shares with the value it is part of (such as a <see cref="Cid"/>), so that taking it out of one costs nothing.
/// The memory never changes. The default value has no bytes: <see cref="IsDefault"/>.
/// </remarks>
public readonly partial struct Multihash : IEquatable<Multihash>
{
    /// <summary>The longest digest, in bytes.</summary>
    public const int MaxDigestLength = 128;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Multicodec _code;
    private readonly byte _digestLength;

    // The bytes are known to be exactly that multihash, and never change.
    internal Multihash(ReadOnlyMemory<byte> bytes, Multicodec code, int digestLength)
    {
        _bytes = bytes;
        _code = code;
        _digestLength = (byte)digestLength;
    }

    /// <summary>Whether this is the default value, which is no multihash.</summary>
    public bool IsDefault => _bytes.IsEmpty;

    /// <summary>The hash function. Not necessarily one that the registry has.</summary>
    public Multicodec Code => _code;

    /// <summary>All bytes: code, length, digest.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>All bytes: code, length, digest.</summary>
    public ReadOnlySpan<byte> Span => _bytes.Span;

    /// <summary>The digest, at most <see cref="MaxDigestLength"/> bytes.</summary>
    public ReadOnlySpan<byte> Digest => _bytes.Span[^_digestLength..];

    /// <summary>A multihash of a digest computed elsewhere.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The digest is longer than <see cref="MaxDigestLength"/>, or the code exceeds <see cref="UnsignedVarint.MaxValue"/>.
    /// </exception>
    public static Multihash Create(Multicodec code, ReadOnlySpan<byte> digest)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digest.Length, MaxDigestLength, nameof(digest));
        var codeLength = UnsignedVarint.GetLength((ulong)code);
        var lengthLength = UnsignedVarint.GetLength((uint)digest.Length);
        var bytes = new byte[codeLength + lengthLength + digest.Length];
        UnsignedVarint.Write(bytes, (ulong)code);
        UnsignedVarint.Write(bytes.AsSpan(codeLength), (uint)digest.Length);
        digest.CopyTo(bytes.AsSpan(codeLength + lengthLength));
        return new Multihash(bytes, code, digest.Length);
    }

    /// <summary>Reads a multihash, copying the bytes.</summary>
    /// <exception cref="MultiformatException">
    /// Truncated, followed by other bytes, a digest longer than <see cref="MaxDigestLength"/>, or a varint that is not minimal.
    /// </exception>
    public static Multihash Parse(ReadOnlySpan<byte> bytes) =>
        TryParse(bytes, out var multihash, out var error) ? multihash : throw new MultiformatException(error);

    /// <summary>Reads a multihash, copying the bytes; false where <see cref="Parse"/> throws.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Multihash multihash) => TryParse(bytes, out multihash, out _);

    /// <summary>Reads a multihash, copying the bytes; false with the reason where <see cref="Parse"/> throws.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Multihash multihash, [NotNullWhen(false)] out string? error)
    {
        var valid = MultihashReader.TryReadAll(bytes, out var code, out var digestLength, out error);
        multihash = valid ? new Multihash(bytes.ToArray(), code, digestLength) : default;
        return valid;
    }

    /// <summary>Reads the multihash that <paramref name="bytes"/> starts with, without copying. What follows is ignored.</summary>
    /// <param name="bytes">Bytes that start with a multihash.</param>
    /// <param name="code">The hash function.</param>
    /// <param name="digest">The digest, a slice of <paramref name="bytes"/>.</param>
    /// <param name="length">The bytes that the multihash takes.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Multicodec code, out ReadOnlySpan<byte> digest, out int length)
    {
        var valid = MultihashReader.TryRead(bytes, out code, out var digestLength, out length, out _);
        digest = valid ? bytes[(length - digestLength)..length] : default;
        return valid;
    }

    /// <summary>The base58 text of all bytes, as peer ids and CIDv0 are written.</summary>
    public string ToBase58() => Base58.Encode(Span);

    /// <summary>The bytes in lower-case hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(Span);

    /// <inheritdoc/>
    public bool Equals(Multihash other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Multihash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Whether both have the same bytes.</summary>
    public static bool operator ==(Multihash left, Multihash right) => left.Equals(right);

    /// <summary>Whether the bytes differ.</summary>
    public static bool operator !=(Multihash left, Multihash right) => !left.Equals(right);
}
