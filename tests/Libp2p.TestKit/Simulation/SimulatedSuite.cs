using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Xunit;

namespace Libp2p.TestKit;

/// <summary>
/// Runs each test of a contract suite again within simulations: the seed chooses in which order goes on what could go on next, and in which pieces bytes arrive. Inherit it beside the
/// suite; a failure names its seed and the command that replays it.
/// </summary>
/// <typeparam name="TSuite">A suite with its factory, as it runs by itself. It makes its runtimes by <see cref="TestRuntime"/>, within its constructor or later, and keeps none in a static field, where the next simulation would find it.</typeparam>
/// <example>
/// <code>
/// public sealed class MyMuxerTests : StreamMuxerContract { ... }
///
/// public sealed class MyMuxerInSimulation : SimulatedSuite&lt;MyMuxerTests>;
/// </code>
/// </example>
public abstract class SimulatedSuite<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] TSuite>
    where TSuite : new()
{
    /// <summary>How many seeds each test is run under, 1 and up; <see cref="Simulation.SeedVariable"/> names others. Default 20.</summary>
    protected virtual int Seeds => 20;

    /// <summary>How it is simulated. Default: as ever, with no trace of packets.</summary>
    protected virtual SimulationOptions Options { get; } = new() { Trace = TraceDetail.Connections };

    /// <summary>The names of the suite's tests; of a test with data one for each row.</summary>
    public static TheoryData<string> Tests
    {
        get
        {
            var tests = new TheoryData<string>();
            foreach (var (name, _, _) in Find()) tests.Add(name);
            return tests;
        }
    }

    /// <summary>One test under each seed, with a suite of its own.</summary>
    /// <param name="test">One of <see cref="Tests"/>.</param>
    [Theory]
    [MemberData(nameof(Tests))]
    public async Task In_the_orders_of_seeds(string test)
    {
        var (_, method, arguments) = Find().Single(one => one.Name == test);
        try
        {
            await Simulation.RunSeedsAsync(Seeds, _ => RunAsync(method, arguments), Options, TestContext.Current.CancellationToken).ConfigureAwait(false);
        }
        catch (SimulationException failure)
        {
            throw new SimulationException($"{typeof(TSuite).Name}.{test}: {failure.Message}", failure.InnerException) { Seed = failure.Seed };
        }
    }

    private static async Task RunAsync(MethodInfo method, object?[] arguments)
    {
        try
        {
            if (method.Invoke(new TSuite(), arguments) is Task running) await running.ConfigureAwait(false);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
        }
    }

    private static IEnumerable<(string Name, MethodInfo Method, object?[] Arguments)> Find()
    {
        foreach (var method in typeof(TSuite).GetMethods().OrderBy(static one => one.Name, StringComparer.Ordinal))
        {
            if (method.GetCustomAttribute<FactAttribute>() is not { Skip: null, Explicit: false }) continue;
            var rows = method.GetCustomAttributes<InlineDataAttribute>().ToList();
            if (rows.Count == 0 && method.GetParameters().Length == 0) yield return (method.Name, method, []);
            foreach (var row in rows) yield return ($"{method.Name}({string.Join(", ", row.Data)})", method, row.Data);
        }
    }
}
