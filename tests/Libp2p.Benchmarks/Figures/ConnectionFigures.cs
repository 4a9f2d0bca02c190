using Libp2p.Benchmarks.Contenders;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Figures;

/// <summary>New streams, new connections. Of bare sockets: round trips, and connects with a round trip.</summary>
internal static class ConnectionFigures
{
    public static IEnumerable<Figure> Of(Sizes sizes)
    {
        yield return Streams(1, 5000, 2.0);
        yield return Streams(32, 20_000, 2.8);
        yield return Handshakes(1, 500, 2.1);
        yield return Handshakes(8, 1000, 2.6);

        Figure Streams(int concurrency, int count, double target) =>
            new($"streams-{concurrency}", $"new streams, {concurrency} at a time", "/s", true, new Workload(WorkKind.Streams) { Concurrency = concurrency, Count = sizes.Of(count, 200) })
            {
                Targets = [new(Contender.Ours, "go", target)],
            };

        Figure Handshakes(int concurrency, int count, double target) =>
            new($"handshakes-{concurrency}", $"handshakes, {concurrency} at a time", "/s", true, new Workload(WorkKind.Handshakes) { Concurrency = concurrency, Count = sizes.Of(count, 40) })
            {
                Targets = [new(Contender.Ours, "go", target)],
            };
    }
}
