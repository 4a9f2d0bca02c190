using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Libp2p.Protocols.Perf;

/// <summary>perf as a plugin: it offers <see cref="IPerfService"/>, and serves measurements where <see cref="PerfOptions.Serve"/> says so.</summary>
[Plugin(Name, Description = "perf: measures throughput.")]
public sealed class PerfPlugin : IPlugin
{
    /// <summary>The name of the plugin.</summary>
    public const string Name = "perf";

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection own, PluginContext host)
    {
        own.AddOptions<PerfOptions>().Bind(host.Configuration).ValidateAtStart();
        own.AddSingleton<PerfHandler>();
        own.AddSingleton<PerfService>();
    }

    /// <inheritdoc/>
    public void Export(IServiceProvider own, IPluginExports exports)
    {
        exports.Add<IPerfService>(own.GetRequiredService<PerfService>());
        if (own.GetRequiredService<IOptions<PerfOptions>>().Value.Serve)
        {
            exports.Add<IProtocolHandler>(own.GetRequiredService<PerfHandler>());
        }
    }
}
