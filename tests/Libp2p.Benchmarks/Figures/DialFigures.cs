using Libp2p.Benchmarks.Contenders;
using Libp2p.Benchmarks.Roles.Node;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Figures;

/// <summary>What the dialer costs by itself. Ratios of CPU time within one process: nobody else takes part.</summary>
internal static class DialFigures
{
    public static IEnumerable<Figure> Of(Sizes sizes)
    {
        var work = new Workload(WorkKind.Dials) { Count = sizes.Of(1000, 50), Connections = sizes.Of(200, 10) };
        yield return new Figure("dial-many", $"CPU to dial {work.Count} simulated peers at once, to that of each alone", "x", false, work, Dials.AtOnce)
        {
            Targets = [new(Contender.Ours, null, 1.2)],
        };
        yield return new Figure("dial-share", "CPU of a dial without a handshake, to that of one with it", "%", false, work, Dials.Share)
        {
            Divisor = 0.01,
            Targets = [new(Contender.Ours, null, 5)],
        };
        yield return new Figure("dial-own", "CPU of a dial without a handshake", "us", false, work, Dials.Own);
    }
}
