using System.Globalization;
using System.Text;

namespace Libp2p;

/// <summary>A time of RFC 3339 to the nanosecond, with its text. Ordered by the time alone.</summary>
/// <param name="Time">The time, cut to 100 nanoseconds.</param>
/// <param name="Beyond">Nanoseconds beyond it, 0 to 99.</param>
/// <param name="Text">As it was written.</param>
internal readonly record struct IpnsTime(DateTimeOffset Time, int Beyond, string Text)
{
    private const int MaxLength = 64;
    private const int MaxFraction = 9;

    public static IpnsTime Of(DateTimeOffset time) => new(time.ToUniversalTime(), 0, time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture));

    /// <summary>Reads a date, <c>T</c>, a time with up to nine digits of a second's fraction, and <c>Z</c> or an offset.</summary>
    public static bool TryParse(ReadOnlySpan<byte> ascii, out IpnsTime time)
    {
        time = default;
        if (ascii.Length > MaxLength || !Ascii.IsValid(ascii)) return false;
        var text = Encoding.ASCII.GetString(ascii);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var beyond = 0;
        var cut = text;
        if (dot >= 0)
        {
            var end = dot + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            var digits = end - dot - 1;
            if (digits is 0 or > MaxFraction) return false;
            var fraction = text.Substring(dot + 1, digits).PadRight(MaxFraction, '0');
            beyond = int.Parse(fraction.AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture);
            cut = $"{text.AsSpan(0, dot)}.{fraction.AsSpan(0, 7)}{text.AsSpan(end)}";
        }

        string[] formats = dot < 0 ? ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz"] : ["yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", "yyyy-MM-dd'T'HH:mm:ss.fffffffzzz"];
        if (!DateTimeOffset.TryParseExact(cut, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed)) return false;
        time = new(parsed, beyond, text);
        return true;
    }

    public int CompareTo(IpnsTime other) => Time != other.Time ? Time.CompareTo(other.Time) : Beyond.CompareTo(other.Beyond);

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(Text);
}
