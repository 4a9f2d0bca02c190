using Libp2p.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Endurance.StoreKills;

/// <summary>A node that keeps what it learns in a folder, as anyone embeds it; it neither listens nor dials.</summary>
internal sealed class StoreNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Libp2pNode _hosted;

    private StoreNode(ServiceProvider services) => (_services, _hosted) = (services, services.GetRequiredService<Libp2pNode>());

    public IPeerstore Peers => _hosted.Node.Peers;

    public IDatastore Store => _hosted.Node.Find<IDatastore>() ?? throw new EnduranceException($"The datastore cannot be opened: {_hosted.Plugins[0].Reason} {_hosted.Plugins[0].Remedy}");

    public static async Task<StoreNode> StartAsync(string folder)
    {
        var services = new ServiceCollection();
        services.AddLibp2p(node => node.AddSqliteDatastore().Configure(options =>
        {
            options.DataFolder = folder;
            options.Listen.Add("");

            // So that it is often in the middle of a write.
            options.Swarm.Peers.WriteDelay = TimeSpan.FromMilliseconds(5);
        }));
        var node = new StoreNode(services.BuildServiceProvider());
        await node._hosted.StartAsync().ConfigureAwait(false);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await _hosted.StopAsync().ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
    }
}
