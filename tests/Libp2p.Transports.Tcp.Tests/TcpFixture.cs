using Libp2p.Multiformats;
using Libp2p.Swarm;
using Libp2p.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Libp2p.Transports.Tcp.Tests;

/// <summary>What the tests of this transport need: a transport on real sockets, and contexts.</summary>
internal static class TcpFixture
{
    public static readonly Multiaddr AnyLoopback = Multiaddr.Parse("/ip4/127.0.0.1/tcp/0");

    public static NodeRuntime Runtime { get; } = new() { Network = new SystemNetwork() };

    public static TcpTransport Transport(TcpOptions? options = null) =>
        new(Options.Create(options ?? new TcpOptions()), NullLogger<TcpTransport>.Instance);

    /// <summary>On real sockets; in a simulation on those of a host whose loopback is slow, uneven and loses some.</summary>
    public static TestRuntime NewRuntime()
    {
        if (Simulation.Current is not { } simulation) return TestRuntime.System(network: new SystemNetwork());
        var host = simulation.AddHost($"host {simulation.Hosts.Count}");
        simulation.SetLink(host, host, new LinkOptions { Latency = TimeSpan.FromMilliseconds(1), Jitter = TimeSpan.FromMilliseconds(3), Loss = 0.002 });
        return TestRuntime.System(network: host.Runtime.Network);
    }

    public static DialContext Dial(PortUse portUse = PortUse.Reuse, INetwork? network = null) => new()
    {
        Runtime = network is null ? Runtime : new NodeRuntime { Network = network },
        Identity = TestIdentity.Dialer,
        PortUse = portUse,
    };

    public static ListenContext Listen(INetwork? network = null) => new()
    {
        Runtime = network is null ? Runtime : new NodeRuntime { Network = network },
        Identity = TestIdentity.Listener,
    };

    public static UpgradeContext Upgrade { get; } = UpgradeWith(null);

    public static UpgradeContext UpgradeWith(IResourceScope? scope) => new()
    {
        Runtime = Runtime,
        Identity = TestIdentity.Listener,
        Direction = ConnectionDirection.Inbound,
        Role = ConnectionRole.Listener,
        Scope = scope,
    };

    /// <summary>A connected pair, dialed by a transport of its own.</summary>
    public static async Task<TcpPair> PairAsync(TcpOptions? options = null, string listen = "/ip4/127.0.0.1/tcp/0", IResourceScope? scope = null)
    {
        var listener = await Transport(options).ListenAsync(Multiaddr.Parse(listen), Listen());
        var accepting = listener.AcceptAsync().AsTask();
        var dialer = await Transport(options).DialAsync(listener.Addresses[0], Dial()).Within();
        var incoming = await accepting.Within();
        return new TcpPair(dialer, await incoming.ShouldNotBeNull().CompleteAsync(UpgradeWith(scope)), listener);
    }
}

internal sealed record TcpPair(IByteConnection Dialer, IByteConnection Listener, IListener<IByteConnection> Socket) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        Dialer.Abort(null);
        Listener.Abort(null);
        await Dialer.DisposeAsync();
        await Listener.DisposeAsync();
        await Socket.DisposeAsync();
    }
}
