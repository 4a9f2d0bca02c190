using System.Threading.Channels;
using Libp2p.Multiformats;
using Libp2p.Muxers.Yamux;
using Libp2p.Protocols.Identify;
using Libp2p.Protocols.Ping;
using Libp2p.Security.Noise;
using Libp2p.Swarm;
using Libp2p.TestKit;
using Libp2p.TestKit.Probes;
using Libp2p.Transports.Tcp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Libp2p.Protocols.Tests.Support;

/// <summary>A node of the real swarm over a memory transport, with plugins composed as a host does: a container each, options from configuration.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly List<ServiceProvider> _plugins = [];

    private TestNode(byte number, TestRuntime runtime, string? listen)
    {
        Identity = TestIdentity.Get(number);
        Runtime = runtime;
        Swarm = new SwarmNode(Identity, new SwarmOptions { ListenAddresses = listen is null ? [] : [Multiaddr.Parse(listen)] }, runtime.Node);
    }

    public NodeIdentity Identity { get; }

    public TestRuntime Runtime { get; }

    public SwarmNode Swarm { get; }

    public PeerId PeerId => Identity.PeerId;

    /// <summary>Makes a node with plugins, and starts it.</summary>
    public static async Task<TestNode> StartAsync(byte number, FakeQuicNetwork network, TestRuntime runtime, Action<TestNode>? plugins = null, bool listens = true)
    {
        var node = new TestNode(number, runtime, listens ? "/ip4/127.0.0.1/udp/0/quic-v1" : null);
        node.Swarm.Exports.Add<ITransport>(new FakeQuicTransport(network));
        plugins?.Invoke(node);
        await node.Swarm.StartAsync().Within();
        return node;
    }

    /// <summary>Makes a node of the whole stack (TCP, Noise, yamux, identify, ping) on real sockets and the system's clock, and starts it.</summary>
    public static async Task<TestNode> StartStackAsync(byte number, string listen = "/ip4/127.0.0.1/tcp/0")
    {
        var node = new TestNode(number, TestRuntime.System(number, new SystemNetwork()), listen);
        node.Add(new TcpPlugin());
        node.Add(new NoisePlugin());
        node.Add(new YamuxPlugin());
        node.Add(new IdentifyPlugin());
        node.Add(new PingPlugin(), (nameof(PingOptions.StreamGrace), "00:00:10")); // whatever a loaded machine takes to notice an end
        await node.Swarm.StartAsync().Within();
        return node;
    }

    /// <summary>Composes a plugin into the node.</summary>
    public ServiceProvider Add(IPlugin plugin, params (string Option, string Value)[] options)
    {
        var context = new PluginContext
        {
            Name = plugin.GetType().Name,
            Configuration = new ConfigurationBuilder().AddInMemoryCollection(options.ToDictionary(static option => option.Option, static option => (string?)option.Value)).Build(),
            Node = Swarm,
            Identity = Identity,
            Runtime = Runtime.Node,
            LoggerFactory = NullLoggerFactory.Instance,
            Publish = Swarm.Publish,
        };
        var own = new ServiceCollection();
        own.AddSingleton(context);
        own.AddSingleton(Runtime.Node);
        own.AddSingleton(Identity);
        own.AddSingleton<INode>(Swarm);
        own.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        own.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        plugin.ConfigureServices(own, context);
        var services = own.BuildServiceProvider();
        services.GetService<IStartupValidator>()?.Validate();
        plugin.Export(services, Swarm.Exports);
        _plugins.Add(services);
        return services;
    }

    /// <summary>Connects to another node.</summary>
    public Task<IConnection> ConnectAsync(TestNode other) => Swarm.ConnectAsync(other.Swarm.ListenAddresses[0]).Within();

    /// <summary>Events of a kind from now on, in order.</summary>
    public EventQueue<T> Listen<T>()
        where T : NodeEvent => new(Swarm);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        try
        {
            await Swarm.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // No drain was asked for.
        }

        await Swarm.DisposeAsync();
        foreach (var plugin in _plugins)
        {
            await plugin.DisposeAsync();
        }
    }
}

/// <summary>Events of one kind, queued from the moment it is made.</summary>
internal sealed class EventQueue<T> : IDisposable
    where T : NodeEvent
{
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<T> _events = Channel.CreateUnbounded<T>();

    public EventQueue(INode node) => _ = FollowAsync(node.Events(_end.Token));

    public int Count => _events.Reader.Count;

    public Task<T> NextAsync() => _events.Reader.ReadAsync().Within();

    public void Dispose() => _end.Cancel();

    private async Task FollowAsync(IAsyncEnumerable<NodeEvent> events)
    {
        try
        {
            await foreach (var happened in events)
            {
                if (happened is T wanted)
                {
                    _events.Writer.TryWrite(wanted);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
