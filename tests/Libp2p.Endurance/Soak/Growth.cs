using System.Globalization;

namespace Libp2p.Endurance.Soak;

/// <summary>
/// Whether a process grew: the first fifth of its samples is warm-up, and the median of the last fifth may exceed that of the second by so much and no more. Medians, since a single sample catches
/// what a conversation holds for a moment.
/// </summary>
internal static class Growth
{
    /// <summary>Fewer samples say nothing.</summary>
    public const int LeastSamples = 15;

    private const double MiB = 1 << 20;

    private static readonly (string Name, Func<Sample, double> Value, double Factor, double Beyond, string Unit)[] Bounds =
    [
        ("heap", static sample => sample.Heap / MiB, 1.1, 4, "MiB"),
        ("resident", static sample => sample.Resident / MiB, 1.15, 32, "MiB"),
        ("threads", static sample => sample.Threads, 1, 16, ""),
        ("descriptors", static sample => sample.Handles, 1, 32, ""),
        ("open", static sample => sample.Open.Values.Sum(), 1, 128, ""),
    ];

    /// <summary>A line for each thing that is bounded.</summary>
    /// <param name="who">Which process.</param>
    /// <param name="samples">At least <see cref="LeastSamples"/>.</param>
    public static IEnumerable<(string Line, bool Holds)> Judge(string who, IReadOnlyList<Sample> samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples.Count, LeastSamples);
        var fifth = samples.Count / 5;
        foreach (var (name, value, factor, beyond, unit) in Bounds)
        {
            var before = Median(samples.Skip(fifth).Take(fifth).Select(value));
            var after = Median(samples.Skip(samples.Count - fifth).Select(value));
            var most = (before * factor) + beyond;
            yield return (string.Create(CultureInfo.InvariantCulture, $"{who} {name}: {before:0.#} {unit} after warm-up, {after:0.#} at the end, at most {most:0.#}: {(after <= most ? "holds" : "IT GREW")}"), after <= most);
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
