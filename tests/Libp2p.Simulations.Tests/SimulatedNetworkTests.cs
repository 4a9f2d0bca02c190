using System.Net;
using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>The simulated network keeps what the operating system's does, under every order of events.</summary>
public class SimulatedNetworkTests : NetworkContract
{
    protected override bool ReusesPorts => true;

    protected override Task RunAsync(Func<NetworkPair, Task> test) => Simulation.RunSeedsAsync(5, simulation =>
    {
        var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
        return test(new NetworkPair(a.Runtime.Network, a.Address, b.Runtime.Network, b.Address));
    }, cancellationToken: TestContext.Current.CancellationToken);
}

/// <summary>Its datagrams, behind a gateway: there is multicast.</summary>
public class SimulatedDatagramTests : DatagramNetworkContract
{
    protected override IPEndPoint? Group => new(IPAddress.Parse("224.0.0.251"), 5353);

    protected override Task RunAsync(Func<NetworkPair, Task> test) => Simulation.RunSeedsAsync(5, simulation =>
    {
        var home = simulation.AddGateway("home", GatewayKind.PortRestricted);
        var (a, b) = (simulation.AddHost("a", home), simulation.AddHost("b", home));
        return test(new NetworkPair(a.Runtime.Network, a.Address, b.Runtime.Network, b.Address));
    }, cancellationToken: TestContext.Current.CancellationToken);
}

/// <summary>The same on a link that loses and delays.</summary>
public class SimulatedNetworkWithLossTests : NetworkContract
{
    private static readonly SimulationOptions Bad = new()
    {
        Links = new LinkOptions { Latency = TimeSpan.FromMilliseconds(50), Jitter = TimeSpan.FromMilliseconds(50), Loss = 0.05, BytesPerSecond = 2_000_000 },
        Trace = TraceDetail.Connections,
    };

    protected override bool ReusesPorts => true;

    protected override Task RunAsync(Func<NetworkPair, Task> test) => Simulation.RunSeedsAsync(5, simulation =>
    {
        var (a, b) = (simulation.AddHost("a"), simulation.AddHost("b"));
        return test(new NetworkPair(a.Runtime.Network, a.Address, b.Runtime.Network, b.Address));
    }, Bad, TestContext.Current.CancellationToken);
}
