using Libp2p.Muxers.Yamux;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p;

/// <summary>Registration of the yamux muxer by direct reference.</summary>
public static class YamuxBuilderExtensions
{
    /// <summary>Adds yamux to the node.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    public static ILibp2pBuilder AddYamux(this ILibp2pBuilder builder, Action<YamuxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddPlugin(YamuxPlugin.Name, static () => new YamuxPlugin(), configure is null ? null : services => services.Configure(configure));
    }
}
