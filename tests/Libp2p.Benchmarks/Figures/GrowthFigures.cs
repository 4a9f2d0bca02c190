using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Figures;

/// <summary>The same work beside more and more connections and streams.</summary>
internal static class GrowthFigures
{
    public const string Connections = "connections";
    public const string Streams = "streams";

    public static IEnumerable<Figure> Of(Sizes sizes)
    {
        foreach (var connections in (int[])(sizes.Quick ? [1, 10] : [1, 10, 100, 1000]))
        {
            yield return new Figure($"growth-connections-{connections}", $"up, {connections} connections", "MiB/s", true, new Workload(WorkKind.Transfer)
            {
                Connections = connections,
                Mebibytes = sizes.Of(1000, 100),
            })
            {
                Growth = new GrowthPoint(Connections, connections),
            };
        }

        foreach (var streams in (int[])(sizes.Quick ? [10, 100] : [10, 1000, 100_000]))
        {
            yield return new Figure($"growth-streams-{streams}", $"new streams beside {streams} open ones", "/s", true, new Workload(WorkKind.Streams)
            {
                Streams = streams,
                Count = sizes.Of(5000, 100),
            })
            {
                Growth = new GrowthPoint(Streams, streams),
            };
        }
    }
}
