using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>Contract suites within simulations: <see cref="SimulatedSuite{TSuite}"/>.</summary>
public class SimulatedSuiteTests
{
    [Fact]
    public void Every_test_of_a_suite_is_run_and_of_one_with_data_each_row() =>
        SimulatedSuite<Suite>.Tests.Select(static row => row.Data).ShouldBe(["A_race", "Bytes_in_pieces", "Rows(1, a)", "Rows(2, b)"]);

    [Fact]
    public async Task A_test_that_fails_in_one_order_fails_and_tells_how_to_replay_it()
    {
        var failure = await Should.ThrowAsync<SimulationException>(() => new InSimulation().In_the_orders_of_seeds(nameof(Suite.A_race)));
        failure.Message.ShouldContain("the second came first");
        failure.Message.ShouldContain($"{Simulation.SeedVariable}={failure.Seed} dotnet run --project");
        await Should.NotThrowAsync(() => new InSimulation().In_the_orders_of_seeds("Rows(2, b)"));
    }

    [Fact]
    public async Task Bytes_of_a_pair_come_in_pieces_and_at_times_that_the_seed_chooses()
    {
        Suite.Ways.Clear();
        await new InSimulation().In_the_orders_of_seeds(nameof(Suite.Bytes_in_pieces));
        if (Environment.GetEnvironmentVariable(Simulation.SeedVariable) is null) Suite.Ways.Distinct().Count().ShouldBeGreaterThan(5);
    }

    [Fact]
    public void Seeds_are_named_one_by_one_or_as_a_range()
    {
        Simulation.ParseSeeds("7").ShouldBe([7]);
        Simulation.ParseSeeds("998-1001").ShouldBe([998, 999, 1000, 1001]);
        foreach (var wrong in (string[])["x", "1-", "-1", "5-4", "1-2-3"]) Should.Throw<FormatException>(() => Simulation.ParseSeeds(wrong)).Message.ShouldContain("1-1000");
    }

    /// <summary>By itself it does nothing: it is here to be simulated.</summary>
    public sealed class Suite
    {
        public static List<string> Ways { get; } = [];

        [Fact]
        public async Task A_race()
        {
            if (Simulation.Current is not { } simulation) return;
            var came = "";
            simulation.Scheduler.Schedule(_ => came += "1", null);
            simulation.Scheduler.Schedule(_ => came += "2", null);
            await Watchdog.Eventually(() => came.Length == 2);
            if (came == "21") throw new InvalidOperationException("the second came first");
        }

        [Fact]
        public async Task Bytes_in_pieces()
        {
            if (Simulation.Current is not { } simulation) return;
            await using var pair = BytePair.Create();
            var way = "";
            var writing = pair.Dialer.Output.WriteToEndAsync(DuplexBytes.Pattern(100_000), 10_000);
            while (true)
            {
                var read = await pair.Listener.Input.ReadAsync().Within();
                way += $"{read.Buffer.Length}@{simulation.Now.Ticks} ";
                pair.Listener.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }

            await writing.Within();
            Ways.Add(way);
        }

        [Theory]
        [InlineData(1, "a")]
        [InlineData(2, "b")]
        public void Rows(int number, string letter) => letter.ShouldBe(number == 1 ? "a" : "b");
    }

    private sealed class InSimulation : SimulatedSuite<Suite>;
}
