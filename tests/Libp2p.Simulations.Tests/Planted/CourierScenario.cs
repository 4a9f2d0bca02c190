using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests.Planted;

/// <summary>What couriers are put through, and what must hold of them.</summary>
internal static class CourierScenario
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    public static SimulationPlanOptions Plans { get; } = new() { MaxHosts = 4, MaxFaults = 3, Length = TimeSpan.FromSeconds(8) };

    public static SimulationOptions Options { get; } = new()
    {
        MaxVirtualTime = TimeSpan.FromMinutes(30),
        Trace = TraceDetail.Connections,
        Links = new LinkOptions { Latency = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(10), Loss = 0.01 },
    };

    public static Func<PlannedSimulation, Task> With(bool dialsTwice) => run => RunAsync(run, dialsTwice);

    private static async Task RunAsync(PlannedSimulation run, bool dialsTwice)
    {
        var simulation = run.Simulation;
        var couriers = new List<Courier>();
        foreach (var host in run.Hosts) couriers.Add(new Courier(await host.StartNodeAsync(static node => node.AddTcp().AddNoise().AddYamux().AddPing()), dialsTwice));
        var sender = couriers[0];
        var sent = await Task.WhenAll(couriers.Skip(1).Select(receiver => SendAsync(run, sender, receiver)).ToArray());
        await simulation.Until(
            () => couriers.Skip(1).Select(receiver => receiver.Received.Count).SequenceEqual(sent), TimeSpan.FromMinutes(5), "every parcel to arrive");

        if (sender.MostConnectionsToOne > 1) throw new InvalidOperationException("Two connections to one peer.");
        await sender.CloseAsync();
        await simulation.Until(() => couriers.Skip(1).All(static receiver => receiver.Open.Count == 0), TimeSpan.FromMinutes(5), "every stream to be given back");
        foreach (var receiver in couriers) await receiver.Node.DisposeAsync();
    }

    private static async Task<int> SendAsync(PlannedSimulation run, Courier from, Courier to)
    {
        var simulation = run.Simulation;
        var route = from.To(to.Node);
        var idle = simulation.Random.Next(4) == 0 ? IdleAsync(run, route, to) : Task.CompletedTask;
        var count = 0;
        while (run.HasTime && count < 60)
        {
            // Now and then a burst, or a pause.
            var burst = simulation.Random.Next(4) == 0 ? 1 + simulation.Random.Next(12) : 1;
            var sending = new List<Task>();
            for (; burst > 0; burst--) sending.Add(route.SendAsync(count++));
            await Task.WhenAll(sending);
            if (simulation.Random.Next(3) == 0) await simulation.Delay(TimeSpan.FromMilliseconds(simulation.Random.Next(200)));
        }

        await idle;

        // What was written into a connection that broke unnoticed comes again with these.
        await run.FaultsOverAsync();
        for (var more = CourierReceiver.Window; more > 0; more--) await route.SendAsync(count++);
        return count;
    }

    /// <summary>Somebody opens a stream beside, and says nothing on it.</summary>
    private static async Task IdleAsync(PlannedSimulation run, Route route, Courier to)
    {
        try
        {
            await run.Simulation.Delay(TimeSpan.FromMilliseconds(run.Simulation.Random.Next(2000)));
            var stream = await Courier.OpenAsync(await route.ConnectAsync());
            await run.Simulation.Delay(Courier.FirstParcelWithin + Slack);
            if (to.HoldsIdleOne) throw new InvalidOperationException("A stream that brings nothing is held.");
            stream.Abort(StreamSide.Both, StreamErrorCode.None);
        }
        catch (Libp2pException)
        {
        }
    }
}
