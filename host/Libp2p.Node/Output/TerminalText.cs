using System.Globalization;
using System.Text;

namespace Libp2p.Node.Output;

/// <summary>Text of strangers (agent versions, error messages) on the way to a terminal.</summary>
internal static class TerminalText
{
    /// <summary>The text with everything that could steer a terminal replaced, cut after so many characters.</summary>
    public static string Clean(string? text, int maxLength = 200)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var clean = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= maxLength) return clean.Append('…').ToString();
            var steers = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            clean.Append(steers ? "�" : rune.ToString());
        }

        return clean.ToString();
    }

    /// <summary>Seconds as people say them: <c>12 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>, <c>4 d 1 h</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => $"{Math.Max(0, (int)span.TotalSeconds)} s",
        { TotalMinutes: < 60 } => $"{span.Minutes} min {span.Seconds} s",
        { TotalHours: < 24 } => $"{span.Hours} h {span.Minutes} min",
        _ => $"{span.Days} d {span.Hours} h",
    };

    /// <summary>Bytes as people say them: <c>512 B</c>, <c>1.5 KiB</c>.</summary>
    public static string Bytes(double bytes)
    {
        ReadOnlySpan<string> units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        var unit = 0;
        while (bytes >= 1024 && unit < units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes.ToString(unit == 0 || bytes >= 99.95 ? "0" : "0.0", CultureInfo.InvariantCulture)} {units[unit]}");
    }
}
