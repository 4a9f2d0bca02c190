namespace Libp2p.Node.View;

/// <summary>A small picture of a history of numbers.</summary>
internal static class Sparkline
{
    private const string Levels = "▁▂▃▄▅▆▇█";

    /// <summary>The latest values, the newest at the right, in exactly so many cells; the largest of them is the highest, and whatever is not nothing rises above the ground.</summary>
    public static string Of(IReadOnlyList<double> values, int width) => string.Create(width, values, static (cells, values) =>
    {
        cells.Fill(' ');
        var count = Math.Min(values.Count, cells.Length);
        var most = 0.0;
        for (var i = 1; i <= count; i++) most = Math.Max(most, values[^i]);
        for (var i = 1; i <= count; i++)
        {
            var value = values[^i];
            cells[^i] = Levels[value <= 0 ? 0 : Math.Clamp((int)Math.Ceiling(value / most * (Levels.Length - 1)), 1, Levels.Length - 1)];
        }
    });
}
