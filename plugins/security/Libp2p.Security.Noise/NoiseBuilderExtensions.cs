using Libp2p.Security.Noise;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p;

/// <summary>Registration of the Noise channel by direct reference.</summary>
public static class NoiseBuilderExtensions
{
    /// <summary>Adds the security channel <c>/noise</c> to the node.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    public static ILibp2pBuilder AddNoise(this ILibp2pBuilder builder, Action<NoiseOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddPlugin(NoisePlugin.Name, static () => new NoisePlugin(), configure is null ? null : services => services.Configure(configure));
    }
}
