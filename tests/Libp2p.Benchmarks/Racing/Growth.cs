namespace Libp2p.Benchmarks.Racing;

/// <summary>
/// How the cost of one grows with how many there are: the exponent between the first and the last point of a series. 0: it stays the same, and all of
/// them together cost in proportion; above 0: all together cost more than in proportion.
/// </summary>
internal sealed record Growth(string Series, string Contender, int From, int To, double Exponent)
{
    /// <summary>What noise may make of 0 over two decades: a factor of 1.6.</summary>
    public const double Tolerance = 0.1;

    public bool IsSuperlinear => Exponent > Tolerance;

    public static IEnumerable<Growth> Of(IReadOnlyList<Outcome> outcomes)
    {
        foreach (var series in outcomes.Where(o => o.Figure.Growth is not null).GroupBy(o => o.Figure.Growth!.Series))
        {
            var points = series.OrderBy(o => o.Figure.Growth!.Size).ToList();
            foreach (var (name, _) in points[0].Contenders)
            {
                var (first, last) = (points[0], points[^1]);
                if (first == last || CostIn(first, name) is not { } before || CostIn(last, name) is not { } after) continue;
                var (from, to) = (first.Figure.Growth!.Size, last.Figure.Growth!.Size);
                yield return new Growth(series.Key, name, from, to, Math.Log(after / before) / Math.Log((double)to / from));
            }
        }
    }

    private static double? CostIn(Outcome outcome, string name) =>
        outcome.Of(name)?.Median is { } median and > 0 ? outcome.Figure.MoreIsBetter ? 1 / median : median : null;
}
