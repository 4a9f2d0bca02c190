using System.IO.Pipelines;
using Libp2p.Hosting;
using Libp2p.Swarm;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Benchmarks.Roles.Node;

/// <summary>A node as anyone embeds it: TCP, Noise, yamux. Only limits that a measurement would run into are raised.</summary>
internal sealed class BenchmarkNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private BenchmarkNode(ServiceProvider services) => _services = services;

    public INode Node => _services.GetRequiredService<INode>();

    public IPerfService Perf => Node.Find<IPerfService>()!;

    /// <param name="listen">A multiaddr; empty: dial only.</param>
    /// <param name="inline">Whoever waits for data goes on in the read loop, instead of by one hop to the thread pool.</param>
    public static async Task<BenchmarkNode> StartAsync(string listen, bool inline)
    {
        var services = new ServiceCollection();
        services.AddLibp2p(node =>
        {
            node.AddTcp().AddNoise()
                .AddYamux(yamux =>
                {
                    yamux.MaxInboundStreams = 1_000_000;
                    yamux.MaxOutboundStreams = 1_000_000;
                })
                .AddPerf(perf =>
                {
                    perf.Serve = true;
                    perf.MaxStreamsPerPeer = 64;
                    perf.MaxDownload = 1L << 62;
                })
                .Configure(options =>
                {
                    options.Listen.Add(listen);
                    options.Swarm.MaxPendingUpgrades = 1024;
                    options.Swarm.Resources.MaxConnections = 100_000;
                    options.Swarm.Resources.MaxConnectionsPerPeer = 100_000;
                    options.Swarm.Resources.MaxStreams = 1_000_000;
                    options.Swarm.Resources.MaxStreamsPerConnection = 1_000_000;
                });
            if (inline) node.UseRuntime(new NodeRuntime { Network = new SystemNetwork(), Scheduler = PipeScheduler.Inline });
        });
        var made = new BenchmarkNode(services.BuildServiceProvider());
        await made._services.GetRequiredService<Libp2pNode>().StartAsync().ConfigureAwait(false);
        return made;
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync().ConfigureAwait(false);
}
