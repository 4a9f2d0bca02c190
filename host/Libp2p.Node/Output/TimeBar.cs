namespace Libp2p.Node.Output;

/// <summary>A bar from a start to an end on a line of time; whoever reads a column of them sees what ran beside what.</summary>
internal static class TimeBar
{
    /// <summary>The widest bar, in characters.</summary>
    private const int Width = 40;

    public static string Draw(TimeSpan start, TimeSpan end, TimeSpan total, TextWriter output)
    {
        var (full, sliver) = output.Encoding.WebName.StartsWith("utf", StringComparison.Ordinal) ? ('█', '▏') : ('#', '|');
        var from = Cell(start, total);
        var cells = Cell(end, total) - from;
        return new string(' ', Math.Min(from, Width - 1)) + (cells == 0 ? sliver : new string(full, cells));
    }

    private static int Cell(TimeSpan at, TimeSpan total) => total <= TimeSpan.Zero ? 0 : (int)Math.Round(at / total * Width);
}
