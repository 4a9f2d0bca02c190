using System.Globalization;
using System.Text;
using Libp2p.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Libp2p.Generators.Multicodecs;

/// <summary>A row of a registry: trimmed cells, and where it stands.</summary>
internal sealed record RegistryRow(string[] Cells, LocationInfo Location)
{
    public DiagnosticInfo Report(DiagnosticDescriptor descriptor, params string[] arguments) => DiagnosticInfo.Create(descriptor, Location, arguments);
}

/// <summary>Reads the registries' CSV: comma separated, padded with spaces, a header line, no quoting; the last column is free text.</summary>
internal static class RegistryCsv
{
    /// <summary>The rows after the header. Blank lines are left out.</summary>
    public static IEnumerable<RegistryRow> Rows(string path, string text, int columns)
    {
        var start = 0;
        var lines = text.Split('\n');
        for (var line = 0; line < lines.Length; line++)
        {
            var row = lines[line].TrimEnd('\r');
            if (line > 0 && !string.IsNullOrWhiteSpace(row))
            {
                var cells = row.Split([','], columns).Select(cell => cell.Trim()).ToArray();
                yield return new RegistryRow(cells, new LocationInfo(path, start, row.Length, line, 0, line, row.Length));
            }

            start += lines[line].Length + 1;
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
