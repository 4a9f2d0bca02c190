using Libp2p.Benchmarks.Roles.Node;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Figures;

/// <summary>What a stream suffers from another of its connection.</summary>
internal static class FairnessFigures
{
    public static IEnumerable<Figure> Of(Sizes sizes)
    {
        foreach (var down in (bool[])[false, true])
        {
            var way = down ? "down" : "up";
            var work = new Workload(WorkKind.Fairness) { Down = down, Count = sizes.Of(5000, 100) };
            yield return new Figure($"fairness-{way}-p50", $"1-byte round trip beside a transfer {way}, p50", "us", false, work, Sample.Median);
            yield return new Figure($"fairness-{way}-p99", $"1-byte round trip beside a transfer {way}, p99", "us", false, work, Sample.P99);
            yield return new Figure($"fairness-{way}-rate", $"that transfer {way}", "MiB/s", true, work, Fairness.Rate);
        }

        var starving = new Workload(WorkKind.Starvation) { Streams = 1, Count = sizes.Of(5000, 100) };
        yield return new Figure("starvation-p99", "1-byte round trip beside a handler that blocks, p99", "us", false, starving, Sample.P99);
        yield return new Figure("starvation-quiet-p99", "the same before it blocks, p99", "us", false, starving, Fairness.QuietP99);
    }
}
