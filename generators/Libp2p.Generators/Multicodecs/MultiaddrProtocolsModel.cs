using System.Globalization;
using Libp2p.Generators.Diagnostics;
using Libp2p.Generators.Model;

namespace Libp2p.Generators.Multicodecs;

/// <summary>One protocol. Size: bits of the value; 0 for none, -1 for a length-prefixed one.</summary>
internal sealed record MultiaddrProtocolRow(string Name, string Identifier, uint Code, int Size, string Comment);

/// <summary>A second name. Index: of the row (in <see cref="MultiaddrProtocolsModel.Rows"/>) whose code it shares.</summary>
internal sealed record MultiaddrProtocolAlias(string Name, int Index);

/// <summary>
/// The multiaddr protocol registry (protocols.csv): code, size, name, comment. Rows ascend by code; a second name of a code is an alias of the first;
/// rows that cannot be taken are reported.
/// </summary>
internal sealed record MultiaddrProtocolsModel(
    string Namespace, EquatableArray<MultiaddrProtocolRow> Rows, EquatableArray<MultiaddrProtocolAlias> Aliases, EquatableArray<DiagnosticInfo> Diagnostics)
{
    public static MultiaddrProtocolsModel Parse(string path, string @namespace, string text, CancellationToken ct)
    {
        var rows = new List<MultiaddrProtocolRow>();
        var aliases = new List<(string Name, uint Code)>();
        var diagnostics = new List<DiagnosticInfo>();
        var identifiers = new HashSet<string>(StringComparer.Ordinal);
        var codes = new HashSet<uint>();
        foreach (var row in RegistryCsv.Rows(path, text, columns: 4))
        {
            ct.ThrowIfCancellationRequested();
            var cells = row.Cells;
            if (cells.Length < 3 || !RegistryCsv.IsName(cells[2]) || !RegistryCsv.TryParseCode(cells[0], out var code)
                || code > ushort.MaxValue || !TryParseSize(cells[1], out var size))
            {
                diagnostics.Add(row.Report(TableDiagnostics.Malformed, "code, size in bits or V, name, comment"));
                continue;
            }

            var identifier = RegistryCsv.ToIdentifier(cells[2]);
            if (!identifiers.Add(identifier))
            {
                diagnostics.Add(row.Report(TableDiagnostics.Duplicate, "name", cells[2]));
            }
            else if (!codes.Add(code))
            {
                aliases.Add((cells[2], code));
            }
            else
            {
                rows.Add(new MultiaddrProtocolRow(cells[2], identifier, code, size, cells.Length > 3 ? cells[3] : ""));
            }
        }

        rows.Sort((a, b) => a.Code.CompareTo(b.Code));
        return new MultiaddrProtocolsModel(
            @namespace,
            rows.ToEquatableArray(),
            aliases.Select(a => new MultiaddrProtocolAlias(a.Name, rows.FindIndex(r => r.Code == a.Code))).ToEquatableArray(),
            diagnostics.ToEquatableArray());
    }

    private static bool TryParseSize(string cell, out int bits)
    {
        bits = -1;
        return cell == "V"
            || (int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out bits) && bits % 8 == 0 && bits <= short.MaxValue);
    }
}
