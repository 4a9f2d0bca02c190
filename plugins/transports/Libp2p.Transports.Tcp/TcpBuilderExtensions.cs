using Libp2p.Transports.Tcp;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p;

/// <summary>Registration of the TCP transport by direct reference.</summary>
public static class TcpBuilderExtensions
{
    /// <summary>Adds TCP over IPv4 and IPv6 to the node.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    public static ILibp2pBuilder AddTcp(this ILibp2pBuilder builder, Action<TcpOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddPlugin(TcpPlugin.Name, static () => new TcpPlugin(), configure is null ? null : services => services.Configure(configure));
    }
}
