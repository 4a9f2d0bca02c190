using Libp2p.Protocols.Identify;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p;

/// <summary>Registration of identify by direct reference.</summary>
public static class IdentifyBuilderExtensions
{
    /// <summary>Adds identify and identify-push to the node.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    public static ILibp2pBuilder AddIdentify(this ILibp2pBuilder builder, Action<IdentifyOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddPlugin(IdentifyPlugin.Name, static () => new IdentifyPlugin(), configure is null ? null : services => services.Configure(configure));
    }
}
