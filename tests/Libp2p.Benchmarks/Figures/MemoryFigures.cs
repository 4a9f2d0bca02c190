using Libp2p.Benchmarks.Contenders;
using Libp2p.Benchmarks.Roles.Usage;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Figures;

/// <summary>Memory of what does nothing, at the server. Of bare sockets: sockets with a receive pending.</summary>
internal static class MemoryFigures
{
    private const double KiB = 1024;

    public static IEnumerable<Figure> Of(Sizes sizes)
    {
        var connections = new Workload(WorkKind.IdleConnections) { Count = sizes.Of(2000, 50), Concurrency = 4 };
        yield return new Figure("idle-connection-rss", "idle connection, resident", "KiB", false, connections, Idleness.ServerResident)
        {
            Divisor = KiB,
            Targets = [new(Contender.Ours, "go", 0.46)],
        };
        yield return new Figure("idle-connection-managed", "idle connection, managed", "KiB", false, connections, Idleness.ServerManaged)
        {
            Divisor = KiB,
            Targets = [new(Contender.Ours, null, 8)],
        };
        var streams = new Workload(WorkKind.IdleStreams) { Count = sizes.Of(20_000, 200), Concurrency = 4 };
        yield return new Figure("idle-stream-rss", "idle stream, resident", "KiB", false, streams, Idleness.ServerResident) { Divisor = KiB };
        yield return new Figure("idle-stream-managed", "idle stream, managed", "KiB", false, streams, Idleness.ServerManaged) { Divisor = KiB };
    }
}
