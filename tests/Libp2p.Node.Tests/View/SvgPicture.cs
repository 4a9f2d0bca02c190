using System.Globalization;
using System.Net;
using System.Text;
using Libp2p.Node.Output;
using Spectre.Console;

namespace Libp2p.Node.Tests.View;

/// <summary>Lines of the view as a picture of a terminal.</summary>
internal static class SvgPicture
{
    private const double CellWidth = 8.4;
    private const int CellHeight = 19;
    private const int Margin = 14;

    public static string Of(IReadOnlyList<Line> lines, int width)
    {
        var (pictureWidth, pictureHeight) = (Math.Ceiling(width * CellWidth) + (2 * Margin), (lines.Count * CellHeight) + (2 * Margin));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" viewBox=\"0 0 {pictureWidth} {pictureHeight}\" width=\"{pictureWidth}\" height=\"{pictureHeight}\" role=\"img\">\n");
        svg.Append("<title>The live view of a node</title>\n");
        svg.Append("<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#d0d4da;white-space:pre}");
        svg.Append(".d{fill:#7d8590}.b{font-weight:bold}.a{fill:#56d4dd}.g{fill:#7ee787}.y{fill:#e3b341}.r{fill:#ff7b72}</style>\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0d1117\"/>\n");
        for (var row = 0; row < lines.Count; row++)
        {
            var column = 0;
            foreach (var segment in lines[row].Segments)
            {
                var cells = segment.CellCount();
                if (segment.Text.Trim().Length > 0) Append(svg, segment.Text, segment.Style, row, column, cells);
                column += cells;
            }
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Of exactly the width of its cells, whatever font the viewer has.</summary>
    private static void Append(StringBuilder svg, string text, Style style, int row, int column, int cells)
    {
        var start = text.Length - text.TrimStart().Length;
        text = text.Trim();
        var x = Margin + ((column + start) * CellWidth);
        var y = Margin + (row * CellHeight) + 14;
        var length = text.Length * CellWidth;
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y}\" textLength=\"{length:0.#}\" lengthAdjust=\"spacingAndGlyphs\"{ClassOf(style)}>{WebUtility.HtmlEncode(text)}</text>\n");
    }

    private static string ClassOf(Style style)
    {
        var color = style.Foreground == Color.Aqua ? "a" : style.Foreground == Color.Green ? "g" : style.Foreground == Color.Yellow ? "y" : style.Foreground == Color.Red ? "r" : "";
        var names = string.Join(' ', new[] { color, style.Decoration.HasFlag(Decoration.Bold) ? "b" : "", style.Decoration.HasFlag(Decoration.Dim) ? "d" : "" }.Where(name => name.Length > 0));
        return names.Length == 0 ? "" : $" class=\"{names}\"";
    }
}
