using Libp2p.Protocols.Perf;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p;

/// <summary>Registration of perf by direct reference.</summary>
public static class PerfBuilderExtensions
{
    /// <summary>Adds perf to the node: <see cref="IPerfService"/> measures; others may measure this node where <see cref="PerfOptions.Serve"/> is set.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    public static ILibp2pBuilder AddPerf(this ILibp2pBuilder builder, Action<PerfOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddPlugin(PerfPlugin.Name, static () => new PerfPlugin(), configure is null ? null : services => services.Configure(configure));
    }
}
