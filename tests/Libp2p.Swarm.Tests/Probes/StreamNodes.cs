using Libp2p.Multiformats;
using Libp2p.Muxers.Yamux;
using Libp2p.Security.Noise;
using Libp2p.TestKit;
using Libp2p.TestKit.Probes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Libp2p.Swarm.Tests.Probes;

/// <summary>Two nodes connected by the fake QUIC, each with Noise and yamux, and with the stream transport to connect once more over a stream of that connection.</summary>
internal sealed class StreamNodes : IAsyncDisposable
{
    public static readonly ProtocolId Echo = "/echo/1.0.0";

    private StreamNodes(SwarmNode dialer, SwarmNode listener, TestRuntime runtime)
    {
        Dialer = dialer;
        Listener = listener;
        Runtime = runtime;
    }

    public SwarmNode Dialer { get; }

    public SwarmNode Listener { get; }

    public TestRuntime Runtime { get; }

    /// <summary>Where the dialer reaches the listener over a stream.</summary>
    public Multiaddr Circuit => Multiaddr.Create(MultiaddrProtocol.P2p, Listener.PeerId.Bytes)
        .Append(MultiaddrProtocol.P2pCircuit)
        .Append(MultiaddrProtocol.P2p, Listener.PeerId.Bytes);

    public static async Task<StreamNodes> StartAsync(ConnectionLimits? limits = null, TestRuntime? runtime = null)
    {
        runtime ??= TestRuntime.System();
        var network = new FakeQuicNetwork();
        var dialer = Make(1, network, runtime, limits);
        var listener = Make(2, network, runtime, limits);
        listener.Handle(Echo, static async (stream, token) => await stream.EchoAsync(token));
        await dialer.StartAsync().Within();
        await listener.StartAsync().Within();
        var direct = listener.ListenAddresses.First(static address => address.Has(MultiaddrProtocol.QuicV1));
        await dialer.ConnectAsync(direct.Append(MultiaddrProtocol.P2p, listener.PeerId.Bytes)).Within();
        return new StreamNodes(dialer, listener, runtime);
    }

    public ValueTask<IConnection> ConnectOverStreamAsync()
    {
        // A dial tries every address known of the peer; here only the one over the stream is to be known.
        Dialer.Peers.Remove(Listener.PeerId);
        return Dialer.ConnectAsync(Circuit, new ConnectOptions { ForceNew = true });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in new[] { Dialer, Listener })
        {
            foreach (var connection in node.Connections) connection.Abort(ConnectionErrorCode.None);
            var stopping = node.DisposeAsync().AsTask();
            if (Runtime.Node.Time == TimeProvider.System) await stopping.Within();
            else await Runtime.DriveAsync(stopping, TimeSpan.FromMinutes(1));
        }
    }

    private static SwarmNode Make(byte number, FakeQuicNetwork network, TestRuntime runtime, ConnectionLimits? limits)
    {
        var options = new SwarmOptions
        {
            ListenAddresses = [Multiaddr.Parse("/ip4/127.0.0.1/udp/0/quic-v1"), Multiaddr.Create(MultiaddrProtocol.P2pCircuit)],
            DrainTimeout = TimeSpan.FromSeconds(1),
        };
        var identity = TestIdentity.Get(number);
        var node = new SwarmNode(identity, options, runtime.Node);
        node.Exports.Add<ITransport>(new FakeQuicTransport(network));
        node.Exports.Add<ITransport>(new StreamTransport(node, runtime.Node, limits));
        foreach (var plugin in new IPlugin[] { new NoisePlugin(), new YamuxPlugin() })
        {
            var services = new ServiceCollection();
            services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
            services.AddSingleton(runtime.Node);
            plugin.ConfigureServices(services, new PluginContext
            {
                Name = plugin.GetType().Name,
                Configuration = new ConfigurationBuilder().Build(),
                Node = node,
                Identity = identity,
                Runtime = runtime.Node,
                LoggerFactory = NullLoggerFactory.Instance,
                Publish = node.Publish,
            });
            plugin.Export(services.BuildServiceProvider(), node.Exports);
        }

        return node;
    }
}
