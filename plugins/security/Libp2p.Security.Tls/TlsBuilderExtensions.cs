using Libp2p.Security.Tls;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p;

/// <summary>Registration of the TLS channel by direct reference.</summary>
public static class TlsBuilderExtensions
{
    /// <summary>Adds the security channel <c>/tls/1.0.0</c> to the node.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    public static ILibp2pBuilder AddTls(this ILibp2pBuilder builder, Action<TlsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddPlugin(TlsPlugin.Name, static () => new TlsPlugin(), configure is null ? null : services => services.Configure(configure));
    }
}
