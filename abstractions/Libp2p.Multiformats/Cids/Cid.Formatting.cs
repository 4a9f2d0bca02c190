namespace Libp2p.Multiformats;

/// <content>Formats: none is the canonical text; else the name of a multibase (<c>base36</c>), or its prefix (<c>k</c>).</content>
public sealed partial class Cid
{
    /// <summary>The text that the format names.</summary>
    /// <param name="format">Null or empty: canonical; else the name or the prefix of a multibase.</param>
    /// <param name="formatProvider">Not used.</param>
    /// <exception cref="FormatException">No such multibase.</exception>
    /// <exception cref="InvalidOperationException">Version 0 has no text but base58.</exception>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        if (string.IsNullOrEmpty(format))
        {
            return ToString();
        }

        if (!Multibase.TryGetEncoding(format, out var encoding) && !Multibase.TryGetEncodingOfPrefix(format, out encoding))
        {
            throw new FormatException($"'{format}' is no format of CIDs: the name of a multibase is, or its prefix.");
        }

        return ToString(encoding);
    }

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var text = format.IsEmpty ? ToString() : ToString(format.ToString(), provider);
        var fits = text.TryCopyTo(destination);
        charsWritten = fits ? text.Length : 0;
        return fits;
    }
}
