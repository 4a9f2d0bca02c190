using Libp2p.Benchmarks.Contenders;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Figures;

/// <summary>One byte there and back on an open stream.</summary>
internal static class LatencyFigures
{
    public static IEnumerable<Figure> Of(Sizes sizes)
    {
        foreach (var pinned in (bool[])[true, false])
        {
            var work = new Workload(WorkKind.RoundTrip) { Count = sizes.Of(20_000, 500), Pinned = pinned };
            var (key, where) = pinned ? ("rtt-pinned", "both processes on one processor") : ("rtt-free", "processors free");
            IReadOnlyList<Target> targets = pinned ? [] : [new(Contender.Ours, "go", 0.7)];
            yield return new Figure($"{key}-p50", $"1-byte round trip, {where}, p50", "us", false, work, Sample.Median) { Targets = targets };
            yield return new Figure($"{key}-p99", $"1-byte round trip, {where}, p99", "us", false, work, Sample.P99) { Targets = targets };
        }
    }
}
