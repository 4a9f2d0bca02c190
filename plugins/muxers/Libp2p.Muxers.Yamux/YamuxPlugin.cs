using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Libp2p.Muxers.Yamux;

/// <summary>The yamux muxer as a plugin. Options: <see cref="YamuxOptions"/>.</summary>
[Plugin("yamux", Description = "The yamux stream muxer, /yamux/1.0.0.")]
public sealed class YamuxPlugin : IPlugin
{
    /// <summary>The name of the plugin.</summary>
    public const string Name = "yamux";

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection own, PluginContext host)
    {
        own.AddOptions<YamuxOptions>().Bind(host.Configuration).ValidateAtStart();
        own.AddSingleton(static services => new YamuxMuxer(
            services.GetRequiredService<IOptions<YamuxOptions>>().Value,
            services.GetRequiredService<ILogger<YamuxMuxer>>()));
    }

    /// <inheritdoc/>
    public void Export(IServiceProvider own, IPluginExports exports) => exports.Add<IStreamMuxer>(own.GetRequiredService<YamuxMuxer>());
}
