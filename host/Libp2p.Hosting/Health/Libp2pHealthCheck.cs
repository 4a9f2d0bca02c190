using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Libp2p.Hosting;

/// <summary>
/// Healthy: the node runs, and listens where it was told to. Degraded: it runs, and a plugin was left out. Unhealthy: it is not running, or bound none of its addresses.
/// </summary>
internal sealed class Libp2pHealthCheck(Libp2pNode hosted) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var node = hosted.Node;
        var data = new Dictionary<string, object>
        {
            ["peerId"] = node.PeerId.ToString(),
            ["listenAddresses"] = node.ListenAddresses.Select(address => address.ToString()).ToArray(),
            ["connections"] = node.Connections.Count,
        };
        return Task.FromResult(Judge(data));
    }

    private HealthCheckResult Judge(IReadOnlyDictionary<string, object> data)
    {
        switch (hosted.State)
        {
            case NodeState.Created:
                return HealthCheckResult.Unhealthy("The node has not started: start the host, or call Libp2pNode.StartAsync.", data: data);
            case NodeState.Stopped:
                return HealthCheckResult.Unhealthy("The node has stopped.", data: data);
        }

        if (hosted.ShouldListen && hosted.Node.ListenAddresses.IsEmpty) return HealthCheckResult.Unhealthy("The node listens on none of its addresses.", data: data);
        var missing = hosted.Plugins.Where(plugin => plugin.State == PluginState.LeftOut).ToList();
        return missing.Count == 0
            ? HealthCheckResult.Healthy("The node runs.", data)
            : HealthCheckResult.Degraded(string.Join(' ', missing.Select(plugin => $"{plugin.Name} was left out: {plugin.Reason} {plugin.Remedy}")), data: data);
    }
}
