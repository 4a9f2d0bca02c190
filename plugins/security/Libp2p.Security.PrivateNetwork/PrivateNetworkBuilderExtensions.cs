using Libp2p.Security.PrivateNetwork;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p;

/// <summary>Registration of private networks by direct reference.</summary>
public static class PrivateNetworkBuilderExtensions
{
    /// <summary>Lets the node connect only with nodes that have the same key.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    public static ILibp2pBuilder AddPrivateNetwork(this ILibp2pBuilder builder, Action<PrivateNetworkOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddPlugin(PrivateNetworkPlugin.Name, static () => new PrivateNetworkPlugin(), configure is null ? null : services => services.Configure(configure));
    }
}
