using Libp2p.Multiformats;
using Libp2p.Muxers.Yamux;
using Libp2p.Security.Noise;
using Libp2p.TestKit;
using Libp2p.Transports.Tcp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Libp2p.Swarm.Tests;

/// <summary>Nodes of the real stack (TCP on loopback, Noise, yamux), with plugins composed as a host does.</summary>
internal sealed class StackNodes : IAsyncDisposable
{
    private readonly List<SwarmNode> _nodes = [];
    private readonly List<ServiceProvider> _plugins = [];

    public StackNodes(bool fakeClock = false) : this(new SystemNetwork(), fakeClock)
    {
    }

    public StackNodes(INetwork network, bool fakeClock = false)
    {
        Runtime = fakeClock ? TestRuntime.Fake(network: network) : TestRuntime.System(network: network);
    }

    public TestRuntime Runtime { get; }

    public SwarmNode Make(byte number, Action<SwarmOptions>? configure = null)
    {
        var options = new SwarmOptions { ListenAddresses = [Multiaddr.Parse("/ip4/127.0.0.1/tcp/0")], DrainTimeout = TimeSpan.FromSeconds(1) };
        configure?.Invoke(options);
        var node = new SwarmNode(TestIdentity.Get(number), options, Runtime.Node);
        _nodes.Add(node);
        return node;
    }

    /// <summary>A started node that echoes.</summary>
    public async Task<SwarmNode> StartAsync(byte number, Action<SwarmOptions>? configure = null, bool earlyMuxer = true)
    {
        var node = Make(number, configure);
        Add(node, new TcpPlugin());
        Add(node, new NoisePlugin(), ("EarlyMuxerNegotiation", earlyMuxer ? "true" : "false"));
        Add(node, new YamuxPlugin());
        node.Handle(QuicNodes.Echo, static async (stream, token) => await stream.EchoAsync(token));
        await node.StartAsync().Within();
        return node;
    }

    /// <summary>Composes a plugin into a node; disposing what is returned takes its roles away.</summary>
    public IAsyncDisposable Add(SwarmNode node, IPlugin plugin, params (string Option, string Value)[] options)
    {
        var context = new PluginContext
        {
            Name = plugin.GetType().Name,
            Configuration = new ConfigurationBuilder().AddInMemoryCollection(options.ToDictionary(static option => option.Option, static option => (string?)option.Value)).Build(),
            Node = node,
            Identity = node.Context.Identity,
            Runtime = Runtime.Node,
            LoggerFactory = NullLoggerFactory.Instance,
            Publish = node.Publish,
        };
        var own = new ServiceCollection();
        own.AddSingleton(context);
        own.AddSingleton(Runtime.Node);
        own.AddSingleton(context.Identity);
        own.AddSingleton<INode>(node);
        own.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        own.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        plugin.ConfigureServices(own, context);
        var services = own.BuildServiceProvider();
        var leases = new Leases(node.Exports);
        plugin.Export(services, leases);
        _plugins.Add(services);
        return leases;
    }

    public static Multiaddr AddressOf(SwarmNode node) => node.ListenAddresses[0].Append(MultiaddrProtocol.P2p, node.PeerId.ToString());

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            var stop = node.DisposeAsync().AsTask();
            if (Runtime.Node.Time is FakeTimeProvider) await Runtime.DriveAsync(stop, TimeSpan.FromMinutes(1)).Within();
            else await stop.Within();
            node.AssertNothingHeld();
        }

        foreach (var plugin in _plugins) await plugin.DisposeAsync();
    }

    private sealed class Leases(IPluginExports exports) : IPluginExports, IAsyncDisposable
    {
        private readonly List<IAsyncDisposable> _leases = [];

        public IAsyncDisposable Add<T>(T role) where T : class
        {
            var lease = exports.Add(role);
            _leases.Add(lease);
            return lease;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var lease in _leases) await lease.DisposeAsync();
        }
    }
}
