using Libp2p.Hosting;
using Libp2p.Multiformats;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Libp2p.TestKit;

/// <summary>A whole node, composed as an application composes it, on a simulated host.</summary>
public sealed class SimulatedNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Libp2pNode _hosted;
    private readonly Life _life;

    private SimulatedNode(SimulatedHost host, ServiceProvider services)
    {
        Host = host;
        _life = host.Life;
        _services = services;
        _hosted = services.GetRequiredService<Libp2pNode>();
    }

    /// <summary>Where it runs.</summary>
    public SimulatedHost Host { get; }

    /// <summary>The node.</summary>
    public INode Node => _hosted.Node;

    /// <summary>Who it is.</summary>
    public PeerId PeerId => _hosted.Identity.PeerId;

    /// <summary>The first address that it listens on, with its peer id.</summary>
    public Multiaddr Address => Node.ListenAddresses[0].Append(MultiaddrProtocol.P2p, PeerId.ToString());

    /// <summary>What others offer: <see cref="INode.Find"/>; fails where nobody does.</summary>
    public T Get<T>() where T : class => Node.Find<T>() ?? throw new InvalidOperationException($"No plugin of this node offers {typeof(T).Name}.");

    /// <summary>Stops it in the ordinary way, and fails where it then still holds anything; after a crash of its host there is nothing left to stop.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_life.IsAlive) return;
        await _hosted.StopAsync().ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
        Node.AssertNothingHeld();
    }

    internal static async Task<SimulatedNode> StartAsync(SimulatedHost host, Action<ILibp2pBuilder> compose, IReadOnlyList<string> listen)
    {
        var services = new ServiceCollection().AddLibp2p(builder =>
        {
            compose(builder.UseRuntime(host.Runtime).UseIdentity(host.Identity));
            builder.Configure(options =>
            {
                foreach (var address in listen) options.Listen.Add(address);
            });
        });
        if (host.Simulation.Options.LogLevel is var level and < LogLevel.None)
        {
            services.AddLogging(logging => logging.SetMinimumLevel(level).AddProvider(new TraceLoggerProvider(host)));
        }

        var node = new SimulatedNode(host, services.BuildServiceProvider());
        host.Simulation.Add(node);
        _ = node.FollowAsync();
        await node._hosted.StartAsync().ConfigureAwait(false);
        return node;
    }

    private async Task FollowAsync()
    {
        await foreach (var happened in Node.Events().ConfigureAwait(false))
        {
            Host.Simulation.Trace.At(TraceDetail.Connections)?.Add(new NodeTraceEvent(Host.Name, happened));
        }
    }
}

/// <summary>Starts nodes on simulated hosts.</summary>
public static class SimulatedHostExtensions
{
    /// <summary>Composes a node on the host's runtime and identity, and starts it. After a crash of the host it is gone: start another.</summary>
    /// <param name="host">Where.</param>
    /// <param name="compose">Chooses the plugins, as in <c>AddLibp2p</c>.</param>
    /// <param name="listen">Multiaddrs to listen on; none: TCP port 4001 of the host's first address.</param>
    public static Task<SimulatedNode> StartNodeAsync(this SimulatedHost host, Action<ILibp2pBuilder> compose, params string[] listen)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(compose);
        var family = host.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? "ip4" : "ip6";
        return SimulatedNode.StartAsync(host, compose, listen.Length > 0 ? listen : [$"/{family}/{host.Address}/tcp/4001"]);
    }
}
