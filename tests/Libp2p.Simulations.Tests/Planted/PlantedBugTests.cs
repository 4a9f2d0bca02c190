using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests.Planted;

/// <summary>
/// That the simulation finds a double dial, between whole nodes: in an application that keeps one connection a peer, as the swarm's dialer does for those who ask it. Four more mistakes are planted
/// in yamux itself: Libp2p.Planted.Tests.
/// </summary>
public class PlantedBugTests
{
    private const int Most = 1000;

    [Fact]
    public async Task A_double_dial_is_found_by_what_it_breaks()
    {
        for (var seed = 1; seed <= Most; seed++)
        {
            var failure = await FailureOfAsync(seed, dialsTwice: true);
            if (failure is null) continue;
            TestContext.Current.TestOutputHelper!.WriteLine($"DoubleDial: seed {seed}");
            (failure.InnerException?.Message ?? failure.Message).ShouldBe("Two connections to one peer.");
            (await FailureOfAsync(seed, dialsTwice: false)).ShouldBeNull("without it nothing fails");
            return;
        }

        throw new ShouldAssertException($"It was not found under {Most} seeds.");
    }

    /// <summary>30 seeds in every run; <c>LIBP2P_SIMULATION_SEED=1-1000</c> for more.</summary>
    [Fact]
    public Task Without_a_bug_nothing_is_found() =>
        Simulation.RunPlansAsync(30, CourierScenario.With(dialsTwice: false), CourierScenario.Plans, CourierScenario.Options, TestContext.Current.CancellationToken);

    private static async Task<SimulationException?> FailureOfAsync(int seed, bool dialsTwice)
    {
        try
        {
            await Simulation.RunPlanAsync(seed, SimulationPlan.Draw(seed, CourierScenario.Plans), CourierScenario.With(dialsTwice), CourierScenario.Options, TestContext.Current.CancellationToken);
            return null;
        }
        catch (SimulationException failure)
        {
            return failure;
        }
    }
}
