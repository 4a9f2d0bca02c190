using Libp2p.TestKit;

namespace Libp2p.Planted.Tests;

/// <summary>That the simulation finds classic mistakes in a real muxer, each by what it breaks and under one of at most 1,000 seeds; and that it finds nothing where there is none.</summary>
public class PlantedBugTests
{
    private const int Most = 1000;

    [Theory]
    [InlineData(PlantedBug.LostWakeUp, "A writer sleeps though there is room.")]
    [InlineData(PlantedBug.ForgottenWindowUpdate, "A writer waits for credit that the reader owes.")]
    [InlineData(PlantedBug.LeakOnReset, "A connection that is gone still has bytes reserved.")]
    [InlineData(PlantedBug.LateDeadline, "A send goes on beyond its deadline.")]
    public async Task A_planted_bug_is_found_by_what_it_breaks(PlantedBug bug, string broken)
    {
        for (var seed = 1; seed <= Most; seed++)
        {
            var failure = await FailureOfAsync(seed, bug);
            if (failure is null) continue;
            TestContext.Current.TestOutputHelper!.WriteLine($"{bug}: seed {seed}");
            (failure.InnerException?.Message ?? failure.Message).ShouldBe(broken);
            (await FailureOfAsync(seed, PlantedBug.None)).ShouldBeNull("without it nothing fails");
            return;
        }

        throw new ShouldAssertException($"{bug} was not found under {Most} seeds.");
    }

    /// <summary>30 seeds in every run; <c>LIBP2P_SIMULATION_SEED=1-1000</c> for more.</summary>
    [Fact]
    public Task Without_a_bug_nothing_is_found() =>
        Simulation.RunPlansAsync(30, YamuxScenario.With(PlantedBug.None), YamuxScenario.Plans, YamuxScenario.Options, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_failing_plan_is_made_smaller_and_told_with_the_command_that_replays_it()
    {
        var failure = await Should.ThrowAsync<SimulationException>(() => Simulation.RunPlansAsync(
            Most, YamuxScenario.With(PlantedBug.LateDeadline), YamuxScenario.Plans, YamuxScenario.Options, TestContext.Current.CancellationToken));
        TestContext.Current.TestOutputHelper!.WriteLine(failure.Message);
        var plan = failure.Plan.ShouldNotBeNull();
        var seed = failure.Seed.ShouldNotBeNull();
        plan.Faults.ShouldNotBeEmpty("it needs a fault that holds a send up");
        plan.ToString().Length.ShouldBeLessThanOrEqualTo(SimulationPlan.Draw(seed, YamuxScenario.Plans).ToString().Length);
        failure.Message.ShouldContain($"LIBP2P_SIMULATION_PLAN=\"{plan}\" LIBP2P_SIMULATION_SEED={seed} dotnet run");
        await Should.ThrowAsync<SimulationException>(() => Simulation.RunPlanAsync(seed, SimulationPlan.Parse(plan.ToString()), YamuxScenario.With(PlantedBug.LateDeadline), YamuxScenario.Options));
    }

    private static async Task<SimulationException?> FailureOfAsync(int seed, PlantedBug bug)
    {
        try
        {
            await Simulation.RunPlanAsync(seed, SimulationPlan.Draw(seed, YamuxScenario.Plans), YamuxScenario.With(bug), YamuxScenario.Options, TestContext.Current.CancellationToken);
            return null;
        }
        catch (SimulationException failure)
        {
            return failure;
        }
    }
}
