using Microsoft.Extensions.Hosting;

namespace Libp2p.Hosting;

/// <summary>Starts and stops a node with the application.</summary>
internal sealed class Libp2pHostedService(Libp2pNode node) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken) => await node.StartAsync(cancellationToken).ConfigureAwait(false);

    public async Task StopAsync(CancellationToken cancellationToken) => await node.StopAsync(cancellationToken).ConfigureAwait(false);
}
