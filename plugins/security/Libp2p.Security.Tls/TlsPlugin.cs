using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Security.Tls;

/// <summary>The TLS security channel as a plugin. Options: <see cref="TlsOptions"/>.</summary>
[Plugin("tls", Description = "TLS 1.3: encryption and proof of identity (/tls/1.0.0).")]
public sealed class TlsPlugin : IPlugin
{
    /// <summary>The name of the plugin.</summary>
    public const string Name = "tls";

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection own, PluginContext host)
    {
        own.AddOptions<TlsOptions>().Bind(host.Configuration).ValidateAtStart();
        own.AddSingleton<TlsChannel>();
    }

    /// <inheritdoc/>
    public void Export(IServiceProvider own, IPluginExports exports)
    {
        exports.Add<ISecurityChannel>(own.GetRequiredService<TlsChannel>());
        exports.Add<ISelfCheck>(new TlsSelfCheck());
    }
}
