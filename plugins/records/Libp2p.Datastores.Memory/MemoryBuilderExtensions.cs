using Libp2p.Datastores.Memory;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p;

/// <summary>Registration of the datastore in memory by direct reference.</summary>
public static class MemoryDatastoreBuilderExtensions
{
    /// <summary>Adds a datastore that lasts as long as the process.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    public static ILibp2pBuilder AddMemoryDatastore(this ILibp2pBuilder builder, Action<MemoryOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddPlugin(MemoryPlugin.Name, static () => new MemoryPlugin(), services =>
        {
            if (configure is not null) services.Configure(configure);
        });
    }
}
