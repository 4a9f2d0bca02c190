namespace Libp2p.TestKit;

/// <summary>A simulation with the hosts of a plan; its faults come and go by themselves.</summary>
public sealed class PlannedSimulation
{
    private readonly List<ScheduledCompletion<bool>> _waiting = [];
    private int _left;

    internal PlannedSimulation(Simulation simulation, SimulationPlan plan)
    {
        Simulation = simulation;
        Plan = plan;
        Hosts = [.. Enumerable.Range(0, plan.Hosts).Select(number => simulation.AddHost($"n{number}"))];
        _left = plan.Faults.Length;
        foreach (var fault in plan.Faults) _ = ApplyAsync(fault);
    }

    /// <summary>The simulation.</summary>
    public Simulation Simulation { get; }

    /// <summary>What is planned.</summary>
    public SimulationPlan Plan { get; }

    /// <summary>The hosts n0, n1, ...</summary>
    public IReadOnlyList<SimulatedHost> Hosts { get; }

    /// <summary>Waits until the last fault is over.</summary>
    public Task FaultsOverAsync()
    {
        // Each waits for a task of its own: of several who await one, all but the last hop to the thread pool.
        var over = new ScheduledCompletion<bool>(Simulation.Scheduler);
        if (_left == 0) over.TrySetResult(true);
        else _waiting.Add(over);
        return over.Task;
    }

    /// <summary>Whether the test still has work to do.</summary>
    public bool HasTime => Simulation.Now < Plan.Length;

    private async Task ApplyAsync(PlannedFault fault)
    {
        await Simulation.Delay(fault.At).ConfigureAwait(false);
        switch (fault.Kind)
        {
            case PlannedFaultKind.Partition:
                using (Simulation.Partition([Hosts[fault.Host]])) await Simulation.Delay(fault.For).ConfigureAwait(false);
                break;
            case PlannedFaultKind.Cut:
                Simulation.Cut(Hosts[fault.Host], Hosts[fault.Other]);
                break;
            case PlannedFaultKind.BadLink:
                Simulation.SetLink(Hosts[fault.Host], Hosts[fault.Other], Simulation.Links with { Latency = TimeSpan.FromMilliseconds(200), Loss = 0.3 });
                await Simulation.Delay(fault.For).ConfigureAwait(false);
                Simulation.SetLink(Hosts[fault.Host], Hosts[fault.Other], null);
                break;
        }

        if (--_left > 0) return;
        foreach (var over in _waiting) over.TrySetResult(true);
        _waiting.Clear();
    }
}
