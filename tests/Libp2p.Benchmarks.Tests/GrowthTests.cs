using Libp2p.Benchmarks.Figures;
using Libp2p.Benchmarks.Racing;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Tests;

/// <summary>What the table makes of numbers.</summary>
public sealed class GrowthTests
{
    [Theory]
    [InlineData(1000, 1000, 0, false)]
    [InlineData(1000, 100, 0.5, true)]
    [InlineData(1000, 10, 1, true)]
    [InlineData(10, 1000, -1, false)]
    public void An_exponent_tells_how_the_cost_of_one_grows(double first, double last, double exponent, bool superlinear)
    {
        var growth = Growth.Of([Point(1, first), Point(100, last)]).ShouldHaveSingleItem();
        growth.Exponent.ShouldBe(exponent, 1e-9);
        growth.IsSuperlinear.ShouldBe(superlinear);
    }

    [Fact]
    public void A_ratio_is_the_median_of_the_rounds_ratios_and_leaves_out_rounds_that_failed()
    {
        var figure = FigureOf(1);
        var ours = new Series(figure, [SampleOf(10), SampleOf(20), null, SampleOf(30)]);
        var other = new Series(figure, [SampleOf(10), SampleOf(10), SampleOf(10), SampleOf(10)]);
        ours.RatioTo(other).ShouldBe(2);
        ours.Median.ShouldBe(20);
    }

    private static Outcome Point(int size, double rate)
    {
        var figure = FigureOf(size);
        return new Outcome(figure, [("ours", new Series(figure, [SampleOf(rate)]))]);
    }

    private static Figure FigureOf(int size) => new($"growth-{size}", "a rate", "/s", true, new Workload(WorkKind.Streams)) { Growth = new GrowthPoint("things", size) };

    private static Sample SampleOf(double value) => new() { [Sample.Value] = value };
}
