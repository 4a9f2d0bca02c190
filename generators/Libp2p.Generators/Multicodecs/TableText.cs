using System.Globalization;
using System.Text;
using Libp2p.Generators.Emit;

namespace Libp2p.Generators.Multicodecs;

/// <summary>Helpers for emitted tables: wrapped lists and constants.</summary>
internal static class TableText
{
    private const int Width = 132;

    /// <summary>A member whose value is a list, wrapped.</summary>
    public static void List(CodeWriter code, string declaration, IEnumerable<string> items)
    {
        code.Line(declaration);
        code.Line("[");
        code.Indent();
        var line = new StringBuilder();
        foreach (var item in items)
        {
            if (line.Length + item.Length + 2 > Width)
            {
                code.Line(line.ToString());
                line.Clear();
            }

            line.Append(line.Length == 0 ? "" : " ").Append(item).Append(',');
        }

        code.Line(line.ToString());
        code.Unindent();
        code.Line("];");
    }

    /// <summary>A member whose value is one UTF-8 constant made of all <paramref name="parts"/>, wrapped between parts.</summary>
    public static void Utf8(CodeWriter code, string declaration, IEnumerable<string> parts)
    {
        code.Line(declaration);
        code.Indent();
        var line = new StringBuilder();
        foreach (var part in parts)
        {
            if (line.Length + part.Length + 7 > Width)
            {
                code.Line($"\"{line}\"u8 +");
                line.Clear();
            }

            line.Append(part);
        }

        code.Line($"\"{line}\"u8;");
        code.Unindent();
    }

    public static string Hex(uint code) => "0x" + code.ToString(code > 0xff ? "x4" : "x2", CultureInfo.InvariantCulture);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
