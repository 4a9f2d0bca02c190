using System.Globalization;
using System.Text;

namespace Libp2p.Generators.Multicodecs;

/// <summary>Helpers for emitted tables: wrapped literals and escaped doc text.</summary>
internal static class TableText
{
    private const int Width = 140;

    /// <summary>Writes items, each followed by a comma, wrapped at <see cref="Width"/> columns.</summary>
    public static void Wrapped(StringBuilder output, string indent, IEnumerable<string> items)
    {
        var column = 0;
        foreach (var item in items)
        {
            if (column == 0 || column + item.Length + 2 > Width)
            {
                output.Append(column == 0 ? "" : "\n").Append(indent);
                column = indent.Length;
            }
            else
            {
                output.Append(' ');
                column++;
            }

            output.Append(item).Append(',');
            column += item.Length + 1;
        }

        output.Append('\n');
    }

    /// <summary>Writes one UTF-8 constant made of all <paramref name="parts"/>, wrapped between parts.</summary>
    public static void Utf8(StringBuilder output, string indent, IEnumerable<string> parts)
    {
        var line = new StringBuilder();
        var separator = "";
        foreach (var part in parts)
        {
            if (indent.Length + line.Length + part.Length + 7 > Width)
            {
                Flush();
            }

            line.Append(part);
        }

        Flush();

        void Flush()
        {
            output.Append(separator).Append(indent).Append('"').Append(line).Append("\"u8");
            line.Clear();
            separator = " +\n";
        }
    }

    public static string Xml(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    public static string Hex(uint code) => "0x" + code.ToString(code > 0xff ? "x4" : "x2", CultureInfo.InvariantCulture);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
