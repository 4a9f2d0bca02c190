using Libp2p.Benchmarks.Racing;

namespace Libp2p.Benchmarks.Reporting;

/// <summary>All that a run came to.</summary>
internal sealed record Report(Machine Machine, int Rounds, IReadOnlyList<Outcome> Outcomes, IReadOnlyList<string> Skipped, double? LoadAfter)
{
    public IReadOnlyList<Growth> Growths { get; } = [.. Growth.Of(Outcomes)];

    public IReadOnlyList<Verdict> Verdicts { get; } = [.. Verdict.Of(Outcomes)];
}
