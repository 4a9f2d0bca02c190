using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Transports.Tcp;

/// <summary>The TCP transport as a plugin. Options: <see cref="TcpOptions"/>.</summary>
[Plugin("tcp", Description = "TCP over IPv4 and IPv6.")]
public sealed class TcpPlugin : IPlugin
{
    /// <summary>The name of the plugin.</summary>
    public const string Name = "tcp";

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection own, PluginContext host)
    {
        own.AddOptions<TcpOptions>().Bind(host.Configuration).ValidateAtStart();
        own.AddSingleton<TcpTransport>();
    }

    /// <inheritdoc/>
    public void Export(IServiceProvider own, IPluginExports exports) => exports.Add<ITransport>(own.GetRequiredService<TcpTransport>());
}
