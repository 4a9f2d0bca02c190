using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

public class DeterminismTests
{
    [Fact]
    public async Task Two_runs_of_a_seed_have_byte_identical_traces()
    {
        var hashes = new HashSet<string>();
        foreach (var seed in Simulation.Seeds(20))
        {
            var once = await Simulation.RunAsync(seed, Scenario.RunAsync, cancellationToken: TestContext.Current.CancellationToken);
            var again = await Simulation.RunAsync(seed, Scenario.RunAsync, cancellationToken: TestContext.Current.CancellationToken);
            again.Trace.Lines.ShouldBe(once.Trace.Lines, $"seed {seed}");
            again.Trace.Hash.ShouldBe(once.Trace.Hash);
            again.Events.ShouldBe(once.Events);
            hashes.Add(once.Trace.Hash);
            TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {once.Trace.Count} lines, {once.Events} events, {once.VirtualTime.TotalSeconds:0.0} s in {once.RealTime.TotalSeconds:0.00} s");
        }

        if (hashes.Count > 1) hashes.Count.ShouldBe(20);
    }
}
