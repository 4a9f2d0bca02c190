using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Libp2p.Multiformats;

/// <summary>
/// A content identifier (github.com/multiformats/cid), version 0 or 1. Immutable; equal when version, codec and multihash are.
/// Version 0 is a bare sha2-256 multihash of 32 bytes, written in base58, and means <see cref="Multicodec.DagPb"/>.
/// </summary>
[JsonConverter(typeof(CidJsonConverter))]
[TypeConverter(typeof(CidTypeConverter))]
public sealed partial class Cid : IEquatable<Cid>, IComparable<Cid>, ISpanParsable<Cid>, ISpanFormattable
{
    /// <summary>The longest text that is read, in characters.</summary>
    public const int MaxTextLength = Multibase.MaxRadixLength;

    // Version, codec, and the longest multihash.
    private const int MaxLength = 1 + (3 * UnsignedVarint.MaxLength) + Multihash.MaxDigestLength;

    private const int V0TextLength = 46;
    private const int V0Length = 34;
    private const byte Sha256Code = 0x12;
    private const byte Sha256Length = 32;

    private readonly byte _hashStart;
    private readonly byte _digestLength;
    private readonly bool _isV1;
    private readonly Multicodec _hashCode;
    private SmallBytes _bytes;
    private string? _text;

    // The bytes are valid; they are copied.
    private Cid(ReadOnlySpan<byte> bytes, int version, Multicodec codec, int hashStart)
    {
        _ = MultihashReader.TryReadAll(bytes[hashStart..], out _hashCode, out var digestLength, out _);
        _bytes = new SmallBytes(bytes);
        _isV1 = version == 1;
        _hashStart = (byte)hashStart;
        _digestLength = (byte)digestLength;
        Codec = codec;
    }

    /// <summary>0 or 1.</summary>
    public int Version => _isV1 ? 1 : 0;

    /// <summary>What the content is encoded with. Not necessarily a code that the registry has.</summary>
    public Multicodec Codec { get; }

    /// <summary>The hash of the content; shares memory with <see cref="Bytes"/>.</summary>
    public Multihash Hash => new(_bytes.Memory[_hashStart..], _hashCode, _digestLength);

    /// <summary>The binary form, for those who keep it. A short CID makes an array of it when it is first asked for.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.Memory;

    /// <summary>The binary form.</summary>
    public ReadOnlySpan<byte> Span => _bytes.Span;

    /// <summary>A CID of version 1.</summary>
    /// <exception cref="ArgumentException">The multihash is the default value, or the codec exceeds <see cref="UnsignedVarint.MaxValue"/>.</exception>
    public static Cid Create(Multicodec codec, Multihash hash)
    {
        if (hash.IsDefault)
        {
            throw new ArgumentException("A CID needs a multihash.", nameof(hash));
        }

        var codecLength = UnsignedVarint.GetLength((ulong)codec);
        Span<byte> bytes = stackalloc byte[MaxLength];
        bytes[0] = 1;
        UnsignedVarint.Write(bytes[1..], (ulong)codec);
        hash.Span.CopyTo(bytes[(1 + codecLength)..]);
        return new Cid(bytes[..(1 + codecLength + hash.Span.Length)], 1, codec, 1 + codecLength);
    }

    /// <summary>Reads text: base58 of version 0 (46 characters, <c>Qm...</c>), or multibase of either binary form.</summary>
    /// <exception cref="MultiformatException">The text is no CID.</exception>
    public static Cid Parse(ReadOnlySpan<char> text) => TryParse(text, out var cid, out var error) ? cid : throw new MultiformatException(error);

    /// <inheritdoc cref="Parse(ReadOnlySpan{char})"/>
    public static Cid Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text.AsSpan());
    }

    /// <summary>Reads text; false where <see cref="Parse(string)"/> throws.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Cid? cid) => TryParse(text, out cid, out _);

    /// <summary>Reads text; false with the reason where <see cref="Parse(string)"/> throws.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Cid? cid, [NotNullWhen(false)] out string? error)
    {
        cid = null;
        if (text.Length > MaxTextLength)
        {
            error = $"cid: {text.Length} characters are more than {MaxTextLength}";
            return false;
        }

        var bytes = new ValueBuffer<byte>(stackalloc byte[256]);
        try
        {
            var isV0 = text.Length == V0TextLength && text.StartsWith("Qm");
            error = isV0 ? Multibase.DecodeInto(Multibase.Base58Btc, text, ref bytes) : Multibase.DecodeInto(text, ref bytes, out _);
            if (error is not null)
            {
                error = $"cid: {error}";
                return false;
            }

            return TryDecode(bytes.Written, out cid, out error);
        }
        finally
        {
            bytes.Dispose();
        }
    }

    /// <summary>Reads the binary form, copying it.</summary>
    /// <exception cref="MultiformatException">
    /// Truncated, followed by other bytes, a version other than 0 and 1, or an invalid varint or multihash.
    /// </exception>
    public static Cid Decode(ReadOnlySpan<byte> bytes) => TryDecode(bytes, out var cid, out var error) ? cid : throw new MultiformatException(error);

    /// <summary>Reads the binary form, copying it; false with the reason where <see cref="Decode"/> throws.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Cid? cid, [NotNullWhen(false)] out string? error)
    {
        cid = null;
        if (bytes is [Sha256Code, Sha256Length, ..])
        {
            if (bytes.Length != V0Length)
            {
                error = $"cid: version 0 has {V0Length} bytes, not {bytes.Length}";
                return false;
            }

            cid = new Cid(bytes, 0, Multicodec.DagPb, hashStart: 0);
            error = null;
            return true;
        }

        var status = UnsignedVarint.TryRead(bytes, out var version, out var versionLength);
        if (status != VarintStatus.Done || version != 1)
        {
            error = status != VarintStatus.Done ? $"cid: the version's {UnsignedVarint.Describe(status)}" : $"cid: version {version} is neither 0 nor 1";
            return false;
        }

        status = UnsignedVarint.TryRead(bytes[versionLength..], out var codec, out var codecLength);
        if (status != VarintStatus.Done)
        {
            error = $"cid: the codec's {UnsignedVarint.Describe(status)}";
            return false;
        }

        var hashStart = versionLength + codecLength;
        if (!MultihashReader.TryReadAll(bytes[hashStart..], out _, out _, out error))
        {
            error = $"cid: {error}";
            return false;
        }

        cid = new Cid(bytes, 1, (Multicodec)codec, hashStart);
        return true;
    }

    /// <summary>The same content as version 0.</summary>
    /// <exception cref="InvalidOperationException">The codec is not dag-pb or the hash not a whole sha2-256.</exception>
    public Cid ToV0()
    {
        if (Version == 0)
        {
            return this;
        }

        if (Codec != Multicodec.DagPb || Hash.Code != Multicodec.Sha2_256 || Hash.Digest.Length != Sha256Length)
        {
            throw new InvalidOperationException($"Version 0 holds dag-pb and sha2-256 only, not {MulticodecTable.Describe(Codec)} and {MulticodecTable.Describe(Hash.Code)}.");
        }

        return new Cid(Span[_hashStart..], 0, Multicodec.DagPb, hashStart: 0);
    }

    /// <summary>The same content as version 1.</summary>
    public Cid ToV1() => Version == 1 ? this : Create(Codec, Hash);

    /// <summary>The canonical text: base58 of version 0, base32 of version 1.</summary>
    public override string ToString() => _text ??= Version == 0 ? Base58.Encode(Span) : Multibase.Encode(MultibaseEncoding.Base32, Span);

    /// <summary>The text in some base.</summary>
    /// <exception cref="InvalidOperationException">Version 0 has no text but base58.</exception>
    public string ToString(MultibaseEncoding encoding)
    {
        if (Version == 1)
        {
            return Multibase.Encode(encoding, Span);
        }

        return encoding == MultibaseEncoding.Base58Btc
            ? ToString()
            : throw new InvalidOperationException($"Version 0 is written in base58 only, not in {Multibase.GetName(encoding)}; see ToV1().");
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] Cid? other) => other is not null && Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as Cid);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Orders by the binary form, bytewise.</summary>
    public int CompareTo(Cid? other) => other is null ? 1 : Span.SequenceCompareTo(other.Span);

    /// <summary>Whether both are the same CID.</summary>
    public static bool operator ==(Cid? left, Cid? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they are different CIDs.</summary>
    public static bool operator !=(Cid? left, Cid? right) => !(left == right);

    static Cid IParsable<Cid>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Cid>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Cid result) =>
        TryParse(s, out result, out _);

    static Cid ISpanParsable<Cid>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<Cid>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out Cid result) =>
        TryParse(s, out result, out _);
}
