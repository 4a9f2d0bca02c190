namespace Libp2p.Benchmarks.Figures;

/// <summary>Everything that is measured, in the order of the table.</summary>
internal static class AllFigures
{
    public static IReadOnlyList<Figure> Of(Sizes sizes) =>
    [
        .. ThroughputFigures.Of(sizes),
        .. LatencyFigures.Of(sizes),
        .. ConnectionFigures.Of(sizes),
        .. DialFigures.Of(sizes),
        .. MemoryFigures.Of(sizes),
        .. StartFigures.Of(),
        .. GrowthFigures.Of(sizes),
        .. FairnessFigures.Of(sizes),
    ];

    /// <summary>Those whose key is given or begins with what is given; all where nothing is.</summary>
    /// <exception cref="ArgumentException">Nothing begins so.</exception>
    public static IReadOnlyList<Figure> Choose(Sizes sizes, IReadOnlyList<string> keys)
    {
        var all = Of(sizes);
        if (keys.Count == 0) return all;
        var unknown = keys.FirstOrDefault(key => !all.Any(figure => Matches(figure, key)));
        if (unknown is not null) throw new ArgumentException($"no figure begins with '{unknown}': --list shows them", nameof(keys));
        return [.. all.Where(figure => keys.Any(key => Matches(figure, key)))];
    }

    private static bool Matches(Figure figure, string key) => figure.Key == key || figure.Key.StartsWith(key + "-", StringComparison.Ordinal);
}

/// <summary>How much of everything: all of it, or as little as shows that it works.</summary>
internal sealed class Sizes(bool quick)
{
    public bool Quick => quick;

    public int Of(int full, int little) => quick ? little : full;
}
