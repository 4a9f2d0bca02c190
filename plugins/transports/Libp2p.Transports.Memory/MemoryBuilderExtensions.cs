using Libp2p.Transports.Memory;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p;

/// <summary>Registration of the memory transport by direct reference.</summary>
public static class MemoryBuilderExtensions
{
    /// <summary>Adds connections within this process to the node.</summary>
    /// <param name="builder">The node.</param>
    /// <param name="hub">The address space; nodes reach each other that share it. Null: <see cref="MemoryHub.Shared"/>.</param>
    /// <param name="configure">Sets options; wins over configuration.</param>
    public static ILibp2pBuilder AddMemory(this ILibp2pBuilder builder, MemoryHub? hub = null, Action<MemoryOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddPlugin(MemoryPlugin.Name, static () => new MemoryPlugin(), services =>
        {
            if (hub is not null) services.AddSingleton(hub);
            if (configure is not null) services.Configure(configure);
        });
    }
}
