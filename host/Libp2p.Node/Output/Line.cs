using Spectre.Console;
using Spectre.Console.Rendering;

namespace Libp2p.Node.Output;

/// <summary>
/// One line of styled text that never wraps: what does not fit is cut, and an ellipsis says so. Text is put in as it is: clean what strangers wrote by <see cref="TerminalText.Clean"/> first.
/// </summary>
internal sealed class Line : Renderable
{
    private readonly List<Segment> _segments = [];

    /// <summary>How many cells of a terminal it takes.</summary>
    public int Cells { get; private set; }

    public IReadOnlyList<Segment> Segments => _segments;

    public static Line Empty => new();

    public static int CellsOf(string text) => new Segment(text).CellCount();

    public Line Add(string text, Style? style = null)
    {
        if (text.Length == 0) return this;
        var segment = new Segment(text, style ?? Style.Plain);
        _segments.Add(segment);
        Cells += segment.CellCount();
        return this;
    }

    /// <summary>Adds text as a cell of that width: cut or filled.</summary>
    public Line AddCell(string text, int width, bool right, Style? style = null)
    {
        text = Fit(text, width);
        var fill = new string(' ', width - CellsOf(text));
        return right ? Add(fill).Add(text, style) : Add(text, style).Add(fill);
    }

    /// <summary>Fills up to a width.</summary>
    public Line FillTo(int width, char fill = ' ', Style? style = null) => Add(new string(fill, Math.Max(0, width - Cells)), style);

    /// <summary>The line cut to a width.</summary>
    public Line CutTo(int width)
    {
        if (Cells <= width) return this;
        var cut = new Line();
        foreach (var segment in _segments)
        {
            var left = width - cut.Cells;
            // The ellipsis needs a cell, also where the segment itself would just fit: something follows it.
            var fits = segment.CellCount() < left;
            cut.Add(fits ? segment.Text : Fit(segment.Text + '…', left), segment.Style);
            if (!fits) break;
        }

        return cut;
    }

    /// <summary>The text cut to a width, with an ellipsis where something was cut.</summary>
    public static string Fit(string text, int width)
    {
        if (CellsOf(text) <= width) return text;
        if (width <= 0) return "";
        var cells = 1;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            cells += CellsOf(rune.ToString());
            if (cells > width) break;
            length += rune.Utf16SequenceLength;
        }

        return text[..length] + '…';
    }

    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(Math.Min(Cells, maxWidth), Math.Min(Cells, maxWidth));

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => CutTo(maxWidth)._segments;
}
