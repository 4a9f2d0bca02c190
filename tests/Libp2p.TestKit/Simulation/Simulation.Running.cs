using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace Libp2p.TestKit;

/// <content>Running, and what is said when it fails.</content>
public sealed partial class Simulation
{
    /// <summary>The environment variable with the seeds that <see cref="RunSeedsAsync"/> runs instead: one (<c>7</c>) or a range (<c>1-1000</c>).</summary>
    public const string SeedVariable = "LIBP2P_SIMULATION_SEED";

    private const string SkipToken = "$XunitDynamicSkip$"; // what a runner knows it by

    // Continuations of tasks run within one another; where the stack is short the runtime sends them to the thread pool.
    private const int StackSize = 64 * 1024 * 1024;

    /// <summary>Runs a simulation on a thread of its own, as fast as it can, until the task of its body ends; nodes that still run are stopped then, and must hold nothing. What else runs is left as it is.</summary>
    /// <param name="seed">Chooses everything that is open.</param>
    /// <param name="body">The test. It runs in the simulation and awaits only what does.</param>
    /// <param name="options">Null: defaults.</param>
    /// <param name="cancellationToken">Gives up, in real time.</param>
    /// <returns>What happened, and how long it took.</returns>
    /// <exception cref="SimulationException">The body failed (then that is the inner exception), or it could not go on; the message tells how to replay it and what each host did last.</exception>
    public static Task<SimulationResult> RunAsync(int seed, Func<Simulation, Task> body, SimulationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        options ??= new SimulationOptions();
        options.ThrowIfInvalid();
        StreamTracing.Start();
        var done = new TaskCompletionSource<SimulationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
            var simulation = new Simulation(seed, options);
            _current = simulation;
            var clock = Stopwatch.StartNew();
            try
            {
                simulation.Loop.Run(() => simulation.RunBodyAsync(body), cancellationToken);
                done.SetResult(new SimulationResult(seed, simulation.Now, clock.Elapsed, simulation.Loop.Events, simulation.Trace));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                done.SetCanceled(cancellationToken);
            }
            catch (Exception failure)
            {
                // A test that skips itself has not failed.
                done.SetException(failure.Message.StartsWith(SkipToken, StringComparison.Ordinal) ? failure : simulation.Explain(failure));
            }
        }, StackSize)
        { IsBackground = true, Name = $"simulation {seed}" };
        thread.Start();
        return done.Task;
    }

    private async Task RunBodyAsync(Func<Simulation, Task> body)
    {
        await body(this);
        foreach (var node in _nodes) await node.DisposeAsync();
    }

    /// <summary>Runs a simulation under the seeds from 1 on; where <see cref="SeedVariable"/> is set, under those it names. The first failure ends it.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public static async Task<IReadOnlyList<SimulationResult>> RunSeedsAsync(
        int count, Func<Simulation, Task> body, SimulationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var results = new List<SimulationResult>();
        foreach (var seed in Seeds(count))
        {
            results.Add(await RunAsync(seed, body, options, cancellationToken).ConfigureAwait(false));
        }

        return results;
    }

    /// <summary>The seeds from 1 to a count, or those of <see cref="SeedVariable"/>.</summary>
    /// <exception cref="FormatException">The variable is neither a number nor a range.</exception>
    public static IEnumerable<int> Seeds(int count) => Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } text ? ParseSeeds(text) : Enumerable.Range(1, count);

    internal static IEnumerable<int> ParseSeeds(string text)
    {
        var ends = text.Split('-', 2);
        if (int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) && first <= last)
        {
            return Enumerable.Range(first, last - first + 1);
        }

        throw new FormatException($"{SeedVariable}: '{text}' is neither a seed nor a range. Write it like 7 or 1-1000.");
    }

    private SimulationException Explain(Exception failure)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Seed {Seed}, after {Now.TotalSeconds} s of virtual time and {Loop.Events} events: {failure.Message}").AppendLine();
        text.Append(CultureInfo.InvariantCulture, $"Replay: {SeedVariable}={Seed} {TestCommand()}").AppendLine();
        foreach (var host in _hosts)
        {
            if (!Trace.LastOfEachHost.ContainsKey(host.Name)) continue;
            text.Append(CultureInfo.InvariantCulture, $"{host.Name}{(host.IsUp ? "" : " (crashed)")}:").AppendLine();
            foreach (var waits in host.Network.Waits.Take(8)) text.Append("    waits: ").AppendLine(waits);
            foreach (var happened in Trace.LastOfEachHost[host.Name]) text.Append("    ").AppendLine(happened.Line);
            if (text.Length > 64 * 1024)
            {
                text.AppendLine("...");
                break;
            }
        }

        return new SimulationException(text.ToString(), failure) { Seed = Seed };
    }

    private static string TestCommand()
    {
        var test = TestContext.Current;
        return test.TestMethod is { } method && test.TestClass is { } type && test.TestAssembly is { } assembly
            ? $"dotnet run --project {ProjectOf(assembly.AssemblyName.Split(',')[0])} -- -method \"{type.TestClassName}.{method.MethodName}\""
            : "and the same test";
    }

    /// <summary>Where a test project lies, from the root of the tree that it was built in; its name where that cannot be told.</summary>
    private static string ProjectOf(string name)
    {
        for (var folder = Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, name, $"{name}.csproj"))) return name;
            if (Directory.EnumerateDirectories(folder, "*", new EnumerationOptions()).FirstOrDefault(child => File.Exists(Path.Combine(child, name, $"{name}.csproj"))) is { } found)
            {
                return $"{Path.GetFileName(found)}/{name}";
            }

            // A tree that was built in place: the project is the folder above bin/.
            if (File.Exists(Path.Combine(folder, $"{name}.csproj"))) return folder;
        }

        return name;
    }
}
