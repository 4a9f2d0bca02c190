using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests.Planted;

/// <summary>That the simulation finds classic mistakes, made on purpose in test code; each under one of the seeds up to the one given.</summary>
public class PlantedBugTests
{
    private const string Deep = "LIBP2P_SIMULATION_DEEP";

    [Theory]
    [InlineData(PlantedBug.LostWakeUp, 1000)]
    [InlineData(PlantedBug.ForgottenWindowUpdate, 1000)]
    [InlineData(PlantedBug.DoubleDial, 1000)]
    [InlineData(PlantedBug.LeakOnReset, 1000)]
    [InlineData(PlantedBug.LateDeadline, 1000)]
    public async Task A_planted_bug_is_found(PlantedBug bug, int within)
    {
        var failures = new List<(int Seed, string Message)>();
        for (var seed = 1; seed <= within && failures.Count == 0; seed++)
        {
            try
            {
                await RunAsync(seed, bug);
            }
            catch (SimulationException failure)
            {
                failure.Message.ShouldNotContain("left the simulation", customMessage: "that is no bug of the courier's");
                failures.Add((seed, failure.InnerException?.Message ?? failure.Message));
            }
        }

        var (found, message) = failures.ShouldHaveSingleItem($"{bug} was not found under {within} seeds");
        TestContext.Current.TestOutputHelper!.WriteLine($"{bug}: seed {found}: {message}");

        // Nothing but the bug: the same couriers without it come through the same.
        await RunAsync(found, PlantedBug.None);
    }

    [Fact]
    public Task Without_a_bug_nothing_is_found() => Simulation.RunPlansAsync(Count, CourierScenario.With(PlantedBug.None), CourierScenario.Plans, CourierScenario.Options, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_failing_plan_is_made_smaller_and_told_with_the_command_that_replays_it()
    {
        var failure = await Should.ThrowAsync<SimulationException>(() => Simulation.RunPlansAsync(
            1000, CourierScenario.With(PlantedBug.LeakOnReset), CourierScenario.Plans with { MinHosts = 2 }, CourierScenario.Options, TestContext.Current.CancellationToken));
        TestContext.Current.TestOutputHelper!.WriteLine(failure.Message);
        var plan = failure.Plan.ShouldNotBeNull();
        var seed = failure.Seed.ShouldNotBeNull();
        var first = SimulationPlan.Draw(seed, CourierScenario.Plans);
        (plan.Hosts + plan.Faults.Length + plan.Length.TotalSeconds).ShouldBeLessThanOrEqualTo(first.Hosts + first.Faults.Length + first.Length.TotalSeconds);
        failure.Message.ShouldContain($"LIBP2P_SIMULATION_PLAN=\"{plan}\" LIBP2P_SIMULATION_SEED={seed} dotnet run");
        await Should.ThrowAsync<SimulationException>(() => Simulation.RunPlanAsync(seed, SimulationPlan.Parse(plan.ToString()), CourierScenario.With(PlantedBug.LeakOnReset), CourierScenario.Options));
    }

    private static Task RunAsync(int seed, PlantedBug bug) =>
        Simulation.RunPlanAsync(seed, SimulationPlan.Draw(seed, CourierScenario.Plans), CourierScenario.With(bug), CourierScenario.Options);

    /// <summary>30 seeds in every run; more where somebody asks.</summary>
    private static int Count => int.TryParse(Environment.GetEnvironmentVariable(Deep), out var more) ? more : 30;
}
