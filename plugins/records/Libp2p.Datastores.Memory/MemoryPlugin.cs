using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Datastores.Memory;

/// <summary>The datastore in memory as a plugin. Options: <see cref="MemoryOptions"/>.</summary>
[Plugin("datastore-memory", Description = "Keeps values in memory, as long as the process runs.")]
public sealed class MemoryPlugin : IPlugin
{
    /// <summary>The name of the plugin.</summary>
    public const string Name = "datastore-memory";

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection own, PluginContext host)
    {
        own.AddOptions<MemoryOptions>().Bind(host.Configuration).ValidateAtStart();
        own.AddSingleton<MemoryDatastore>();
    }

    /// <inheritdoc/>
    public void Export(IServiceProvider own, IPluginExports exports) => exports.Add<IDatastore>(own.GetRequiredService<MemoryDatastore>());
}
