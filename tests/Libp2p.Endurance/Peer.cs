using Libp2p.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Endurance;

/// <summary>A node of this process, as anyone embeds it.</summary>
internal sealed class Peer : IAsyncDisposable
{
    // Longer than any by default, for machines that do much else.
    private static readonly TimeSpan Slow = TimeSpan.FromMinutes(1);

    private readonly ServiceProvider _services;
    private readonly Libp2pNode _hosted;

    private Peer(ServiceProvider services) => (_services, _hosted) = (services, services.GetRequiredService<Libp2pNode>());

    public INode Node => _hosted.Node;

    /// <summary>Starts one.</summary>
    /// <param name="listen">Where; empty: it only dials.</param>
    public static async Task<Peer> StartAsync(string listen)
    {
        var services = new ServiceCollection();
        services.AddLibp2p(node => node.AddTcp().AddNoise()
            .AddYamux(yamux => yamux.KeepAliveTimeout = yamux.WriteTimeout = Slow)
            .AddIdentify(identify => identify.Timeout = Slow)
            .AddPing(ping => ping.Timeout = Slow)
            .AddPerf(perf => (perf.Serve, perf.MaxStreamsPerPeer, perf.StallTimeout) = (true, 64, Slow))
            .Configure(options =>
            {
                options.Listen.Add(listen);
                options.Swarm.UpgradeTimeout = options.Swarm.StreamNegotiationTimeout = options.Swarm.Dialing.AddressTimeout = options.Swarm.Dialing.PrivateAddressTimeout = Slow;
                options.Swarm.Resources.MaxConnectionsPerPeer = 64;
            }));
        var peer = new Peer(services.BuildServiceProvider());
        try
        {
            await peer._hosted.StartAsync().ConfigureAwait(false);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A role of a plugin.</summary>
    public T Find<T>() where T : class => Node.Find<T>() ?? throw new InvalidOperationException($"There is no {typeof(T).Name}.");

    public async ValueTask DisposeAsync()
    {
        await _hosted.StopAsync().ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
    }
}
