using Libp2p.Multiformats;
using Libp2p.TestKit;
using Libp2p.TestKit.Probes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Libp2p.Swarm.Tests;

/// <summary>Nodes joined by TestKit's fake QUIC: the swarm without sockets, handshakes and frames.</summary>
internal sealed class QuicNodes : IAsyncDisposable
{
    public static readonly ProtocolId Echo = "/echo/1.0.0";
    private readonly FakeQuicNetwork _network;
    private readonly List<SwarmNode> _nodes = [];

    public QuicNodes(bool fakeClock = false) : this(new FakeQuicNetwork(), fakeClock)
    {
    }

    public QuicNodes(FakeQuicNetwork network, bool fakeClock = false)
    {
        _network = network;
        Runtime = fakeClock ? TestRuntime.Fake() : TestRuntime.System();
    }

    public TestRuntime Runtime { get; }

    /// <summary>How many dials reached a listener.</summary>
    public int Arrivals => _network.Arrivals;

    public FakeTimeProvider Clock => Runtime.Clock;

    public static Multiaddr AnyAddress => Multiaddr.Parse("/ip4/127.0.0.1/udp/0/quic-v1");

    public SwarmNode Make(byte number, Action<SwarmOptions>? configure = null, ILoggerFactory? loggers = null)
    {
        var options = new SwarmOptions { ListenAddresses = [AnyAddress], DrainTimeout = TimeSpan.FromSeconds(1) };
        configure?.Invoke(options);
        var node = new SwarmNode(TestIdentity.Get(number), options, Runtime.Node, loggers);
        node.Exports.Add<ITransport>(new FakeQuicTransport(_network));
        _nodes.Add(node);
        return node;
    }

    /// <summary>A node without transport, and without listen addresses that it could bind; <see cref="AddTransport"/> gives it one.</summary>
    public SwarmNode MakeBare(byte number)
    {
        var node = new SwarmNode(TestIdentity.Get(number), new SwarmOptions { ListenAddresses = [AnyAddress], DrainTimeout = TimeSpan.FromSeconds(1) }, Runtime.Node);
        _nodes.Add(node);
        return node;
    }

    public IAsyncDisposable AddTransport(SwarmNode node) => node.Exports.Add<ITransport>(new FakeQuicTransport(_network));

    /// <summary>A started node that echoes.</summary>
    public async Task<SwarmNode> StartAsync(byte number, Action<SwarmOptions>? configure = null)
    {
        var node = Make(number, configure);
        node.Handle(Echo, static async (stream, token) => await stream.EchoAsync(token));
        await node.StartAsync();
        return node;
    }

    /// <summary>Connects a node to a listener without a swarm: what the dialer says can be seen, and answered, stream by stream.</summary>
    public async Task<(IConnection Connection, ISecureConnection Raw)> ConnectRawAsync(SwarmNode dialer)
    {
        var identity = TestIdentity.Get(200);
        var listener = await new FakeQuicTransport(_network).ListenAsync(AnyAddress, new ListenContext { Runtime = Runtime.Node, Identity = identity });
        var connecting = dialer.ConnectAsync(listener.Addresses[0].Append(MultiaddrProtocol.P2p, identity.PeerId.ToString())).AsTask();
        var incoming = (await listener.AcceptAsync().Within()).ShouldNotBeNull();
        var raw = await incoming.CompleteAsync(new UpgradeContext { Runtime = Runtime.Node, Identity = identity, Direction = ConnectionDirection.Inbound, Role = ConnectionRole.Listener }).Within();
        return (await connecting.Within(), raw);
    }

    /// <summary>Connects to a node without a swarm: streams can be opened that say anything.</summary>
    public async Task<ISecureConnection> DialRawAsync(SwarmNode listener) =>
        await new FakeQuicTransport(_network).DialAsync(listener.ListenAddresses[0], new DialContext { Runtime = Runtime.Node, Identity = TestIdentity.Get(200) }).Within();

    public static Multiaddr AddressOf(SwarmNode node) => node.ListenAddresses[0].Append(MultiaddrProtocol.P2p, node.PeerId.ToString());

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            var stop = node.DisposeAsync().AsTask();
            if (Runtime.Node.Time is FakeTimeProvider) await Runtime.DriveAsync(stop, TimeSpan.FromMinutes(1)).Within();
            else await stop.Within();
            node.AssertNothingHeld();
            node.Context.Handlers.Uses.ShouldBe(0);
        }
    }
}
