using System.Globalization;
using System.Text;

namespace Libp2p.Generators.Multicodecs;

/// <summary>Reads the registries' CSV: comma separated, padded with spaces, a header line, no quoting; the last column is free text.</summary>
internal static class RegistryCsv
{
    /// <summary>The rows after the header: trimmed cells and the zero-based line. Blank lines are left out.</summary>
    public static IEnumerable<(string[] Cells, int Line)> Rows(string text, int columns)
    {
        var lines = text.Split('\n');
        for (var line = 1; line < lines.Length; line++)
        {
            if (!string.IsNullOrWhiteSpace(lines[line]))
            {
                yield return (lines[line].Split([','], columns).Select(cell => cell.Trim()).ToArray(), line);
            }
        }
    }

    public static bool TryParseCode(string cell, out uint code) => cell.StartsWith("0x", StringComparison.Ordinal)
        ? uint.TryParse(cell.Substring(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code)
        : uint.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out code);

    public static bool IsName(string name) =>
        name.Length > 0 && name.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' or '.');

    /// <summary>"sha2-256" becomes <c>Sha2_256</c>, "dag-pb" <c>DagPb</c>: words joined, an underscore only where two digits would meet.</summary>
    public static string ToIdentifier(string name)
    {
        var identifier = new StringBuilder(name.Length + 1);
        var startsWord = true;
        foreach (var c in name)
        {
            if (c is '-' or '_' or '.')
            {
                startsWord = true;
                continue;
            }

            if (char.IsDigit(c) && (identifier.Length == 0 || (startsWord && char.IsDigit(identifier[identifier.Length - 1]))))
            {
                identifier.Append('_');
            }

            identifier.Append(startsWord ? char.ToUpperInvariant(c) : c);
            startsWord = false;
        }

        return identifier.ToString();
    }
}
