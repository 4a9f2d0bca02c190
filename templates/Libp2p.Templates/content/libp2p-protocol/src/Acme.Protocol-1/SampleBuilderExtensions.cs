using Libp2p;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Protocol_1;

/// <summary>Registration by direct reference, where no folder is wanted.</summary>
public static class SampleBuilderExtensions
{
    /// <summary>Adds the protocol to a node.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    public static ILibp2pBuilder AddSample(this ILibp2pBuilder builder, Action<SampleOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddPlugin(SamplePlugin.Name, static () => new SamplePlugin(), configure is null ? null : services => services.Configure(configure));
    }
}
