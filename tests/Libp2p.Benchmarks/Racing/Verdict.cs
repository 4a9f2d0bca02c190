using Libp2p.Benchmarks.Figures;
using Libp2p.Benchmarks.Reporting;

namespace Libp2p.Benchmarks.Racing;

/// <summary>A target, and what became of it.</summary>
internal sealed record Verdict(Figure Figure, Target Target, double Got)
{
    private bool AtLeast => Figure.MoreIsBetter && !Target.OfCpu;

    public bool Reached => AtLeast ? Got >= Target.Limit : Got <= Target.Limit;

    public string Wanted => $"{(AtLeast ? ">=" : "<=")} {Numbers.Short(Target.Limit)}{(Target.Against is null ? $" {Figure.Unit}" : $"x {Target.Against}")}{(Target.OfCpu ? ", CPU" : "")}";

    /// <summary>Of the targets whose contenders took part.</summary>
    public static IEnumerable<Verdict> Of(IReadOnlyList<Outcome> outcomes) =>
        from outcome in outcomes
        from target in outcome.Figure.Targets
        let got = Measured(outcome, target)
        where got is not null
        select new Verdict(outcome.Figure, target, got.Value);

    private static double? Measured(Outcome outcome, Target target)
    {
        if (outcome.Of(target.Who) is not { } who) return null;
        if (target.Against is null) return who.Median;
        if (outcome.Of(target.Against) is not { } against) return null;
        return target.OfCpu ? who.CpuRatioTo(against) : who.RatioTo(against);
    }
}
