using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Protocols.Ping;

/// <summary>Ping as a plugin: it answers pings, and offers <see cref="IPingService"/>. Options: <see cref="PingOptions"/>.</summary>
[Plugin(Name, Description = "ping: answers pings and measures round trips.")]
public sealed class PingPlugin : IPlugin
{
    /// <summary>The name of the plugin.</summary>
    public const string Name = "ping";

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection own, PluginContext host)
    {
        own.AddOptions<PingOptions>().Bind(host.Configuration).ValidateAtStart();
        own.AddSingleton<PingHandler>();
        own.AddSingleton<PingService>();
    }

    /// <inheritdoc/>
    public void Export(IServiceProvider own, IPluginExports exports)
    {
        exports.Add<IProtocolHandler>(own.GetRequiredService<PingHandler>());
        exports.Add<IPingService>(own.GetRequiredService<PingService>());
    }
}
