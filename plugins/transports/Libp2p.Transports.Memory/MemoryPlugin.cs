using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Libp2p.Transports.Memory;

/// <summary>The memory transport as a plugin. Options: <see cref="MemoryOptions"/>.</summary>
[Plugin("memory", Description = "Connections within this process.")]
public sealed class MemoryPlugin : IPlugin
{
    /// <summary>The name of the plugin.</summary>
    public const string Name = "memory";

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection own, PluginContext host)
    {
        own.AddOptions<MemoryOptions>().Bind(host.Configuration).ValidateAtStart();
        own.TryAddSingleton(MemoryHub.Shared);
        own.AddSingleton<MemoryTransport>();
    }

    /// <inheritdoc/>
    public void Export(IServiceProvider own, IPluginExports exports) => exports.Add<ITransport>(own.GetRequiredService<MemoryTransport>());
}
