using System.Diagnostics.CodeAnalysis;
using Libp2p.Multiformats;

namespace Libp2p;

/// <content>Text forms: base58btc of the multihash, and CIDv1 of the codec libp2p-key in any multibase.</content>
public sealed partial class PeerId
{
    // base2 of a CID that inlines a key of 42 bytes, the longest text that there can be.
    private const int MaxTextLength = 1 + (8 * (2 + MaxLength));

    /// <summary>Reads the base58 form (<c>12D3Koo…</c>, <c>Qm…</c>) or the CIDv1 form (<c>bafz…</c>, any multibase).</summary>
    /// <exception cref="FormatException">Not a peer id.</exception>
    public static PeerId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var result) ? result : throw new FormatException("Not a peer id: neither base58 of a peer's multihash nor a CIDv1 of the codec libp2p-key.");
    }

    /// <summary>Reads the base58 form or the CIDv1 form; false where it is neither.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [MaybeNullWhen(false)] out PeerId result) => TryParse(text.AsSpan(), out result);

    /// <inheritdoc cref="TryParse(string?, out PeerId)"/>
    public static bool TryParse(ReadOnlySpan<char> text, [MaybeNullWhen(false)] out PeerId result)
    {
        result = null;
        if (text.Length > MaxTextLength) return false;
        if (text is ['1', ..] or ['Q', 'm', ..])
        {
            Span<byte> bytes = stackalloc byte[MaxLength];
            return Base58.TryDecode(text, bytes, out var length) && TryFromBytes(bytes[..length], out result);
        }

        return Cid.TryParse(text, out var cid) && cid is { Version: 1, Codec: Multicodec.Libp2pKey } && TryFromBytes(cid.Hash.Span, out result);
    }

    /// <summary>The CIDv1 of the codec libp2p-key.</summary>
    public Cid ToCid() => Cid.Create(Multicodec.Libp2pKey, Multihash.Parse(Bytes));

    /// <summary>The CIDv1 text form, of the codec libp2p-key, in base32.</summary>
    public string ToCidString() => ToCid().ToString();

    /// <summary>The base58 form; computed once.</summary>
    public override string ToString() => _text ??= Base58.Encode(Bytes);

    /// <summary>The form that the format names.</summary>
    /// <param name="format">Null, empty or <c>"B"</c>: base58; <c>"C"</c>: CIDv1 in base32.</param>
    /// <param name="formatProvider">Not used.</param>
    /// <exception cref="FormatException">Another format.</exception>
    public string ToString(string? format, IFormatProvider? formatProvider) => format switch
    {
        null or "" or "B" => ToString(),
        "C" => ToCidString(),
        _ => throw new FormatException($"'{format}' is not a format of peer ids: B (base58) and C (CID) are."),
    };

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var text = format.IsEmpty ? ToString() : ToString(format.ToString(), provider);
        charsWritten = text.TryCopyTo(destination) ? text.Length : 0;
        return charsWritten > 0;
    }

    static PeerId IParsable<PeerId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<PeerId>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out PeerId result) => TryParse(s, out result);

    static PeerId ISpanParsable<PeerId>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => TryParse(s, out var result) ? result : Parse(s.ToString());

    static bool ISpanParsable<PeerId>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out PeerId result) => TryParse(s, out result);
}
