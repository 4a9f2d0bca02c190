using Libp2p.Generators.Diagnostics;
using Libp2p.Generators.Model;

namespace Libp2p.Generators.Multicodecs;

internal sealed record MulticodecRow(string Name, string Identifier, string Tag, uint Code, string Status, string Description);

/// <summary>The multicodec registry (table.csv): name, tag, code, status, description. Rows ascend by code; those that cannot be taken are reported.</summary>
internal sealed record MulticodecTableModel(string Namespace, EquatableArray<MulticodecRow> Rows, EquatableArray<DiagnosticInfo> Diagnostics)
{
    public static MulticodecTableModel Parse(string path, string @namespace, string text, CancellationToken ct)
    {
        var rows = new List<MulticodecRow>();
        var diagnostics = new List<DiagnosticInfo>();
        var identifiers = new HashSet<string>(StringComparer.Ordinal);
        var codes = new HashSet<uint>();
        foreach (var row in RegistryCsv.Rows(path, text, columns: 5))
        {
            ct.ThrowIfCancellationRequested();
            var cells = row.Cells;
            if (cells.Length < 4 || !RegistryCsv.IsName(cells[0]) || !RegistryCsv.IsName(cells[1]) || !RegistryCsv.TryParseCode(cells[2], out var code))
            {
                diagnostics.Add(row.Report(TableDiagnostics.Malformed, "name, tag, code, status, description"));
                continue;
            }

            var identifier = RegistryCsv.ToIdentifier(cells[0]);
            if (cells[3] is not ("draft" or "permanent" or "deprecated"))
            {
                diagnostics.Add(row.Report(TableDiagnostics.UnknownStatus, cells[3]));
            }
            else if (!codes.Add(code))
            {
                diagnostics.Add(row.Report(TableDiagnostics.Duplicate, "code", cells[2]));
            }
            else if (!identifiers.Add(identifier))
            {
                diagnostics.Add(row.Report(TableDiagnostics.Duplicate, "name", cells[0]));
            }
            else
            {
                rows.Add(new MulticodecRow(cells[0], identifier, cells[1], code, cells[3], cells.Length > 4 ? cells[4] : ""));
            }
        }

        rows.Sort((a, b) => a.Code.CompareTo(b.Code));
        return new MulticodecTableModel(@namespace, rows.ToEquatableArray(), diagnostics.ToEquatableArray());
    }
}
