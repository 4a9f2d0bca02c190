using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests.Planted;

public class PlanTests
{
    [Fact]
    public void A_plan_reads_back_from_its_line()
    {
        for (var seed = 1; seed < 200; seed++)
        {
            var plan = SimulationPlan.Draw(seed);
            var again = SimulationPlan.Parse(plan.ToString());
            again.ToString().ShouldBe(plan.ToString());
            again.Faults.ShouldBe(plan.Faults);
            SimulationPlan.Draw(seed).ToString().ShouldBe(plan.ToString());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("hosts=2")]
    [InlineData("hosts=-2 ms=5")]
    [InlineData("hosts=2 ms=5 Flood@1+2:0")]
    [InlineData("hosts=2 ms=5 Cut@1+2")]
    public void What_is_no_plan_is_refused(string text) => Should.Throw<FormatException>(() => SimulationPlan.Parse(text));

    [Fact]
    public async Task The_smallest_plan_has_what_the_failure_needs_and_nothing_else()
    {
        // Fails where host 1 is ever partitioned, whatever else happens.
        static async Task Body(PlannedSimulation run)
        {
            await run.FaultsOverAsync();
            if (run.Plan.Faults.Any(static fault => fault is { Kind: PlannedFaultKind.Partition, Host: 1 })) throw new InvalidOperationException($"host 1 was away {run.Plan.Faults.Length}");
        }

        var plan = SimulationPlan.Parse("hosts=6 ms=20000 Cut@100+0:0,5 Partition@200+3000:1 BadLink@300+1000:2,3 Partition@400+500:4 Cut@900+0:1,2");
        (await Simulation.ShrinkAsync(1, plan, Body)).ToString().ShouldStartWith("hosts=2 ms=312 Partition@200+");
        (await Simulation.ShrinkAsync(1, plan with { Faults = [] }, Body)).ShouldBe(plan with { Faults = [] }, "it does not fail");
    }
}
