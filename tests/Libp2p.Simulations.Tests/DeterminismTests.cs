using System.Diagnostics;
using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

public class DeterminismTests
{
    private const string ReportVariable = "LIBP2P_SIMULATION_REPORT";
    private const int Seeds = 20;

    [Fact]
    public async Task Two_runs_of_a_seed_have_byte_identical_traces()
    {
        var hashes = new HashSet<string>();
        foreach (var seed in Simulation.Seeds(Seeds))
        {
            var once = await RunAsync(seed);
            var again = await RunAsync(seed);
            again.Trace.Lines.ShouldBe(once.Trace.Lines, $"seed {seed}");
            again.Trace.Hash.ShouldBe(once.Trace.Hash);
            again.Events.ShouldBe(once.Events);
            hashes.Add(once.Trace.Hash);
            TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {once.Trace.Count} lines, {once.Events} events, {once.VirtualTime.TotalSeconds:0.0} s in {once.RealTime.TotalSeconds:0.00} s");
        }

        if (hashes.Count > 1) hashes.Count.ShouldBe(Seeds);
    }

    /// <summary>Where strings, and what hashes them, hash otherwise.</summary>
    [Fact]
    public async Task Another_process_has_the_same_traces()
    {
        var report = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
            if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(typeof(DeterminismTests).Assembly.Location);
            foreach (var argument in (string[])["-explicit", "only", "-method", $"{typeof(DeterminismTests).FullName}.{nameof(Reports_the_hash_of_its_trace)}"]) start.ArgumentList.Add(argument);
            start.Environment[ReportVariable] = report;
            using var other = Process.Start(start)!;
            var output = other.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = other.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await other.WaitForExitAsync(TestContext.Current.CancellationToken);
            var theirs = await File.ReadAllLinesAsync(report, TestContext.Current.CancellationToken);
            theirs.Length.ShouldBe(3, $"{await output}{await errors}");
            for (var seed = 1; seed <= theirs.Length; seed++) (await RunAsync(seed)).Trace.Hash.ShouldBe(theirs[seed - 1], $"seed {seed}");
        }
        finally
        {
            File.Delete(report);
        }
    }

    /// <summary>The other process.</summary>
    [Fact(Explicit = true)]
    public async Task Reports_the_hash_of_its_trace()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(ReportVariable) is { Length: > 0 }, "Run by another test.");
        var hashes = new List<string>();
        for (var seed = 1; seed <= 3; seed++) hashes.Add((await RunAsync(seed)).Trace.Hash);
        await File.WriteAllLinesAsync(Environment.GetEnvironmentVariable(ReportVariable)!, hashes, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Seeds_come_from_the_environment_where_it_names_one()
    {
        Simulation.Seeds(3).ShouldBe(Environment.GetEnvironmentVariable(Simulation.SeedVariable) is { } named ? Simulation.ParseSeeds(named) : [1, 2, 3]);
        var results = await Simulation.RunSeedsAsync(3, static _ => Task.CompletedTask);
        results.Select(static result => result.Seed).ShouldBe(Simulation.Seeds(3));
    }

    private static Task<SimulationResult> RunAsync(int seed) => Simulation.RunAsync(seed, Scenario.RunAsync, cancellationToken: TestContext.Current.CancellationToken);
}
