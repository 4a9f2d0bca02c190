using System.Globalization;

namespace Libp2p.TestKit;

/// <content>Running plans, and making one that fails smaller.</content>
public sealed partial class Simulation
{
    /// <summary>Runs a test under the plan of a seed.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public static Task<SimulationResult> RunPlanAsync(
        int seed, SimulationPlan plan, Func<PlannedSimulation, Task> body, SimulationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(body);
        return RunAsync(seed, simulation => body(new PlannedSimulation(simulation, plan)), options, cancellationToken);
    }

    /// <summary>
    /// Draws a plan for each of the seeds from 1 on (see <see cref="Seeds"/>) and runs the test under it. The first that fails is made smaller while it fails in the same way, and then told; where
    /// <see cref="SimulationPlan.Variable"/> is set, that plan alone is run.
    /// </summary>
    /// <exception cref="SimulationException">The test failed; the message has the smallest plan found, and the command that replays it.</exception>
    public static async Task RunPlansAsync(
        int count, Func<PlannedSimulation, Task> body, SimulationPlanOptions? plans = null, SimulationOptions? options = null, CancellationToken cancellationToken = default)
    {
        plans ??= new SimulationPlanOptions();
        var only = Environment.GetEnvironmentVariable(SimulationPlan.Variable) is { Length: > 0 } text ? SimulationPlan.Parse(text) : null;
        foreach (var seed in Seeds(count))
        {
            var plan = only ?? SimulationPlan.Draw(seed, plans);
            if (await FailureOfAsync(seed, plan, body, options, cancellationToken).ConfigureAwait(false) is not { } failure) continue;
            var smallest = only is null ? await ShrinkAsync(seed, plan, body, plans, options, cancellationToken).ConfigureAwait(false) : plan;
            var last = smallest == plan ? failure : await FailureOfAsync(seed, smallest, body, options, cancellationToken).ConfigureAwait(false) ?? failure;
            throw new SimulationException(string.Create(CultureInfo.InvariantCulture, $"""
                The plan  {plan}
                fails, and so does the smallest found:
                          {smallest}
                Replay: {SimulationPlan.Variable}="{smallest}" {SeedVariable}={seed} {TestCommand()}
                {last.Message}
                """), last.InnerException)
            { Seed = seed, Plan = smallest };
        }
    }

    /// <summary>Makes a plan that fails smaller: fewer hosts, fewer faults, shorter, while it fails in the same way. The same plan gives the same result.</summary>
    /// <returns>The smallest found; the plan itself where it does not fail.</returns>
    /// <inheritdoc cref="RunAsync"/>
    public static async Task<SimulationPlan> ShrinkAsync(
        int seed, SimulationPlan plan, Func<PlannedSimulation, Task> body, SimulationPlanOptions? plans = null, SimulationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plans ??= new SimulationPlanOptions();
        if (await FailureOfAsync(seed, plan, body, options, cancellationToken).ConfigureAwait(false) is not { } first) return plan;
        var left = plans.MaxShrinkRuns;
        for (var found = true; found;)
        {
            found = false;
            foreach (var smaller in plan.Smaller(plans.MinHosts))
            {
                if (left-- <= 0) return plan;
                if (await FailureOfAsync(seed, smaller, body, options, cancellationToken).ConfigureAwait(false) is not { } failure || Manner(failure) != Manner(first)) continue;
                plan = smaller;
                found = true;
                break;
            }
        }

        return plan;
    }

    private static async Task<SimulationException?> FailureOfAsync(
        int seed, SimulationPlan plan, Func<PlannedSimulation, Task> body, SimulationOptions? options, CancellationToken cancellationToken)
    {
        try
        {
            await RunPlanAsync(seed, plan, body, options, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (SimulationException failure)
        {
            return failure;
        }
    }

    /// <summary>What tells one way to fail from another: not the times and numbers in it.</summary>
    private static string Manner(SimulationException failure)
    {
        var cause = failure.InnerException ?? failure;
        var line = cause.Message.AsSpan().TrimStart();
        if (line.IndexOfAny('\r', '\n') is var end and >= 0) line = line[..end];
        return $"{cause.GetType().Name}: {string.Concat(line.ToArray().Where(static letter => !char.IsDigit(letter)))}";
    }
}
