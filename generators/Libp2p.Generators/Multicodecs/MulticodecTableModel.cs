using Libp2p.Generators.Model;

namespace Libp2p.Generators.Multicodecs;

internal sealed record MulticodecRow(string Name, string Identifier, string Tag, uint Code, string Status, string Description);

/// <summary>The multicodec registry (table.csv): name, tag, code, status, description. Rows ascend by code.</summary>
internal sealed record MulticodecTableModel(string Namespace, EquatableArray<MulticodecRow> Rows, EquatableArray<TableProblem> Problems)
{
    public static MulticodecTableModel Parse(string path, string @namespace, string text, CancellationToken ct)
    {
        var rows = new List<MulticodecRow>();
        var problems = new List<TableProblem>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var identifiers = new HashSet<string>(StringComparer.Ordinal);
        var codes = new HashSet<uint>();
        foreach (var (cells, line) in RegistryCsv.Rows(text, columns: 5))
        {
            ct.ThrowIfCancellationRequested();
            if (cells.Length < 4 || !RegistryCsv.IsName(cells[0]) || !RegistryCsv.IsName(cells[1]) || !RegistryCsv.TryParseCode(cells[2], out var code))
            {
                problems.Add(new TableProblem(path, line, "expected 'name, tag, code, status, description'"));
            }
            else if (cells[3] is not ("draft" or "permanent" or "deprecated"))
            {
                problems.Add(new TableProblem(path, line, $"'{cells[3]}' is no status: draft, permanent or deprecated"));
            }
            else if (!codes.Add(code))
            {
                problems.Add(new TableProblem(path, line, $"code {cells[2]} of '{cells[0]}' is taken by an earlier row"));
            }
            else if (!names.Add(cells[0]) || !identifiers.Add(RegistryCsv.ToIdentifier(cells[0])))
            {
                problems.Add(new TableProblem(path, line, $"name '{cells[0]}' is taken by an earlier row"));
            }
            else
            {
                rows.Add(new MulticodecRow(cells[0], RegistryCsv.ToIdentifier(cells[0]), cells[1], code, cells[3], cells.Length > 4 ? cells[4] : ""));
            }
        }

        rows.Sort((a, b) => a.Code.CompareTo(b.Code));
        return new MulticodecTableModel(@namespace, rows.ToEquatableArray(), problems.ToEquatableArray());
    }
}
