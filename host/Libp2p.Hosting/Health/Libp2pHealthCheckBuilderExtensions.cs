using Libp2p.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Health checks of embedded nodes.</summary>
public static class Libp2pHealthCheckBuilderExtensions
{
    /// <summary>Adds a check of the node: unhealthy while it does not run or listen, degraded while a plugin is left out.</summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="nodeName">The name given to <c>AddKeyedLibp2p</c>; empty: the node of <c>AddLibp2p</c>.</param>
    /// <param name="name">The name of the check. Default <c>libp2p</c>, with the node's name behind a colon where it has one.</param>
    /// <param name="tags">Tags to filter by.</param>
    public static IHealthChecksBuilder AddLibp2p(this IHealthChecksBuilder builder, string nodeName = "", string? name = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(nodeName);
        return builder.Add(new HealthCheckRegistration(
            name ?? (nodeName.Length == 0 ? "libp2p" : $"libp2p:{nodeName}"),
            services => new Libp2pHealthCheck(services.GetRequiredKeyedService<Libp2pNode>(nodeName)),
            failureStatus: null,
            tags));
    }
}
