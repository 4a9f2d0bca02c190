using Libp2p.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Node;

/// <summary>
/// The services of a node and what they hold. Not the generic host: what that adds, the end of a process, the command line sees to, and it would take as long to build as the node itself.
/// </summary>
internal sealed class NodeHost(ServiceProvider services) : IAsyncDisposable
{
    /// <summary>How long a node may drain before it is cut off.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public IServiceProvider Services => services;

    public Libp2pNode Node => services.GetRequiredService<Libp2pNode>();

    /// <summary>Drains and stops the node.</summary>
    public async Task StopAsync()
    {
        using var cutOff = new CancellationTokenSource(Patience);
        await Node.StopAsync(cutOff.Token).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
