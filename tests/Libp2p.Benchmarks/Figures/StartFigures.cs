using Libp2p.Benchmarks.Contenders;
using Libp2p.Benchmarks.Workloads;

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

        // Others, and bare sockets, have no folders: what they start with by reference is what it is compared with.
        foreach (var folders in (int[])[10, 30])
        {
            yield return new Figure($"start-folders-{folders}", $"start to listening, {folders} plugin folders", "ms", false, new Workload(WorkKind.Start) { Folders = folders })
            {
                Targets = folders == 30 ? [new(Contender.Ours, "js", 0.25)] : [],
            };
        }
    }
}
