using Libp2p.Benchmarks.Workloads;
using Libp2p.Benchmarks.Contenders;

namespace Libp2p.Benchmarks.Figures;

/// <summary>From the start of the process until it listens.</summary>
internal static class StartFigures
{
    public static IEnumerable<Figure> Of()
    {
        yield return new Figure("start-references", "start to listening, plugins by reference", "ms", false, new Workload(WorkKind.Start))
        {
            Targets = [new(Contender.Native, "go", 1.5)],
        };
    }
}
