using Libp2p.Protocols.Ping;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p;

/// <summary>Registration of ping by direct reference.</summary>
public static class PingBuilderExtensions
{
    /// <summary>Adds ping to the node: it answers, and <see cref="IPingService"/> measures.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    public static ILibp2pBuilder AddPing(this ILibp2pBuilder builder, Action<PingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddPlugin(PingPlugin.Name, static () => new PingPlugin(), configure is null ? null : services => services.Configure(configure));
    }
}
