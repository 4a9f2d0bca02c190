using Libp2p.Generators.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Libp2p.Generators.Multicodecs;

/// <summary>The protocols as members of the value type <c>MultiaddrProtocol</c>, whose other half is written by hand, and the table behind them.</summary>
internal static class MultiaddrProtocolsEmitter
{
    public static SourceText Emit(MultiaddrProtocolsModel table)
    {
        // Index 0 stands for "no protocol": the default value.
        var rows = table.Rows.Select((row, i) => (Row: row, Index: TableText.Number(i + 1), Code: TableText.Number(row.Code))).ToArray();
        var code = CodeWriter.File("The multiaddr protocol registry (protocols.csv).");
        code.Line($"namespace {table.Namespace};");
        code.Blank();
        code.Open("public readonly partial struct MultiaddrProtocol");
        foreach (var (row, index, number) in rows)
        {
            var comment = row.Comment.Length > 0 ? ": " + CodeWriter.Escape(row.Comment) : "";
            code.Line($"/// <summary><c>/{row.Name}</c>, code {number}, {Size(row.Size)}{comment}</summary>");
            code.Line($"public static MultiaddrProtocol {row.Identifier} => new({index});");
            code.Blank();
        }

        code.Line("/// <summary>The codes as constants, for <c>switch</c> on <see cref=\"Code\"/>.</summary>");
        code.Line(CodeWriter.GeneratedCode(nameof(RegistryTableGenerator)));
        code.Open("public static class Codes");
        foreach (var (row, _, number) in rows)
        {
            code.Line($"/// <summary><c>/{row.Name}</c></summary>");
            code.Line($"public const int {row.Identifier} = {number};");
            code.Blank();
        }

        code.Close();
        code.Blank();
        TableText.List(code, "private static readonly ushort[] TableCodes =", new[] { "0" }.Concat(rows.Select(r => r.Code)));
        code.Blank();
        code.Line("// Bits; -1: length-prefixed.");
        TableText.List(code, "private static readonly short[] TableSizes =", new[] { "0" }.Concat(rows.Select(r => TableText.Number(r.Row.Size))));
        code.Blank();
        TableText.List(code, "private static readonly string[] TableNames =", new[] { "\"\"" }.Concat(rows.Select(r => CodeWriter.Literal(r.Row.Name))));
        code.Blank();
        Switch(code, "private static byte IndexOf(ulong code) => code switch", rows.Select(r => (r.Code, r.Index)));
        code.Blank();
        Switch(
            code,
            "private static byte IndexOf(global::System.ReadOnlySpan<char> name) => name switch",
            rows.Select(r => (CodeWriter.Literal(r.Row.Name), r.Index))
                .Concat(table.Aliases.Select(alias => (CodeWriter.Literal(alias.Name), TableText.Number(alias.Index + 1)))));
        code.Close();
        return code.ToSourceText();
    }

    private static void Switch(CodeWriter code, string header, IEnumerable<(string Key, string Index)> arms)
    {
        code.Open(header);
        foreach (var (key, index) in arms)
        {
            code.Line($"{key} => {index},");
        }

        code.Line("_ => 0,");
        code.Close(";");
    }

    private static string Size(int bits) => bits switch
    {
        0 => "no value",
        < 0 => "length-prefixed value",
        _ => TableText.Number(bits) + " bits",
    };
}
