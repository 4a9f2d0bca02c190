using Libp2p.Multiformats;
using Libp2p.Muxers.Yamux;
using Libp2p.TestKit;
using Libp2p.Transports.Tcp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Libp2p.Planted.Tests;

/// <summary>Two ends of a yamux connection over TCP, which talk on many streams through the faults of a plan.</summary>
internal static class YamuxScenario
{
    public static SimulationPlanOptions Plans { get; } = new() { MaxHosts = 2, MaxFaults = 2, Length = TimeSpan.FromSeconds(3) };

    public static SimulationOptions Options { get; } = new()
    {
        MaxVirtualTime = TimeSpan.FromMinutes(30),
        Trace = TraceDetail.Connections,
        Links = new LinkOptions { Latency = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(5), BytesPerSecond = 3_000_000 },
        Streams = new StreamOptions { Window = 128 * 1024, SegmentSize = 16 * 1024 },
    };

    public static Func<PlannedSimulation, Task> With(PlantedBug bug) => async run =>
    {
        Planted.Bug = bug;
        if (await TryConnectAsync(run) is not { } ends) return;
        var (a, b) = ends;
        _ = a.ServeAsync();
        _ = b.ServeAsync();
        var talking = Task.WhenAll(Enumerable.Range(0, 1 + run.Simulation.Random.Next(4)).Select(number => (number % 2 == 0 ? a : b).TalkAsync(run)).ToArray());
        while (!talking.IsCompleted)
        {
            await run.Simulation.Delay(TimeSpan.FromMilliseconds(100));
            a.Check(b);
            b.Check(a);
        }

        await talking;
        await run.FaultsOverAsync();
        await a.CloseAsync();
        await b.CloseAsync();
    };

    /// <summary>Null where a fault was in the way.</summary>
    private static async Task<(YamuxEnd Dialer, YamuxEnd Listener)?> TryConnectAsync(PlannedSimulation run)
    {
        var (from, to) = (run.Hosts[0], run.Hosts[1]);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(5), run.Simulation.Time);
        try
        {
            var listener = await Transport().ListenAsync(Multiaddr.Parse($"/ip4/{to.Address}/tcp/4001"), new ListenContext { Runtime = to.Runtime, Identity = to.Identity });
            var accepting = listener.AcceptAsync(enough.Token).AsTask();
            var dialed = await Transport().DialAsync(listener.Addresses[0], new DialContext { Runtime = from.Runtime, Identity = from.Identity }, enough.Token);
            var accepted = await (await accepting)!.CompleteAsync(Context(to, ConnectionRole.Listener, null));
            return (await EndAsync(run.Simulation, from, dialed, ConnectionRole.Dialer), await EndAsync(run.Simulation, to, accepted, ConnectionRole.Listener));
        }
        catch (Exception failure) when (failure is Libp2pException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task<YamuxEnd> EndAsync(Simulation simulation, SimulatedHost host, IByteConnection bytes, ConnectionRole role)
    {
        var scope = new TestScope();
        var wire = new WatchedBytes(bytes, simulation);
        return new YamuxEnd(simulation, wire, await new YamuxMuxer(YamuxEnd.Options).MultiplexAsync(wire, Context(host, role, scope)), scope);
    }

    private static UpgradeContext Context(SimulatedHost host, ConnectionRole role, IResourceScope? scope) => new()
    {
        Runtime = host.Runtime,
        Identity = host.Identity,
        Direction = role == ConnectionRole.Dialer ? ConnectionDirection.Outbound : ConnectionDirection.Inbound,
        Role = role,
        Scope = scope,
    };

    private static TcpTransport Transport() => new(Microsoft.Extensions.Options.Options.Create(new TcpOptions()), NullLogger<TcpTransport>.Instance);
}
