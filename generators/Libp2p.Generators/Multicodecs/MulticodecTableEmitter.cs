using Libp2p.Generators.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Libp2p.Generators.Multicodecs;

/// <summary>The registry as an enum of codes, and data for look-ups: ascending codes, one UTF-8 blob of names, an index ordered by name.</summary>
internal static class MulticodecTableEmitter
{
    private const string Span = "internal static global::System.ReadOnlySpan";

    public static SourceText Emit(MulticodecTableModel table)
    {
        var rows = table.Rows.ToArray();
        var tags = rows.Select(r => r.Tag).Distinct().OrderBy(t => t, StringComparer.Ordinal).ToArray();
        var code = CodeWriter.File("The multicodec registry (table.csv).");
        code.Line($"namespace {table.Namespace};");
        code.Blank();
        Codes(code, rows);
        code.Blank();
        Data(code, rows, tags);
        return code.ToSourceText();
    }

    private static void Codes(CodeWriter code, MulticodecRow[] rows)
    {
        code.Line("/// <summary>Codes of the multicodec registry: what kind of bytes follow. Any value may come from the wire; <see cref=\"MulticodecTable\"/> tells which have a name.</summary>");
        code.Line(CodeWriter.GeneratedCode(nameof(RegistryTableGenerator)));
        code.Open("public enum Multicodec : ulong");
        foreach (var row in rows)
        {
            var description = row.Description.Length > 0 ? ": " + CodeWriter.Escape(row.Description) : "";
            code.Line($"/// <summary><c>{row.Name}</c>, {row.Tag}, {row.Status}{description}</summary>");
            code.Line($"{row.Identifier} = {TableText.Hex(row.Code)},");
            code.Blank();
        }

        code.Close();
    }

    private static void Data(CodeWriter code, MulticodecRow[] rows, string[] tags)
    {
        code.Line(CodeWriter.GeneratedCode(nameof(RegistryTableGenerator)));
        code.Open("internal static class MulticodecData");
        code.Line($"internal const int Count = {TableText.Number(rows.Length)};");
        code.Blank();
        code.Summary("Every code, ascending. The other tables are in this order.");
        TableText.List(code, $"{Span}<uint> Codes =>", rows.Select(r => TableText.Hex(r.Code)));
        code.Blank();
        code.Line("/// <summary>Indices into <see cref=\"TagNames\"/>.</summary>");
        TableText.List(code, $"{Span}<byte> Tags =>", rows.Select(r => TableText.Number(Array.IndexOf(tags, r.Tag))));
        code.Blank();
        code.Summary("0 draft, 1 permanent, 2 deprecated.");
        TableText.List(code, $"{Span}<byte> Statuses =>", rows.Select(r => r.Status switch { "draft" => "0", "permanent" => "1", _ => "2" }));
        code.Blank();
        code.Summary("Row indices in the bytewise order of names.");
        TableText.List(
            code, $"{Span}<ushort> ByName =>", Enumerable.Range(0, rows.Length).OrderBy(i => rows[i].Name, StringComparer.Ordinal).Select(i => TableText.Number(i)));
        code.Blank();
        code.Line("/// <summary>Where each name starts in <see cref=\"Names\"/>, and where the last one ends.</summary>");
        TableText.List(code, $"{Span}<ushort> NameStarts =>", Starts(rows.Select(r => r.Name)));
        code.Blank();
        TableText.Utf8(code, $"{Span}<byte> Names =>", rows.Select(r => r.Name));
        code.Blank();
        TableText.List(code, "internal static readonly string[] TagNames =", tags.Select(CodeWriter.Literal));
        code.Close();
    }

    private static IEnumerable<string> Starts(IEnumerable<string> names)
    {
        var start = 0;
        yield return "0";
        foreach (var name in names)
        {
            yield return TableText.Number(start += name.Length);
        }
    }
}
