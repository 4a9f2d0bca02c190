using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Security.Noise;

/// <summary>The Noise security channel as a plugin. Options: <see cref="NoiseOptions"/>.</summary>
[Plugin("noise", Description = "Noise XX: encryption and proof of identity (/noise).")]
public sealed class NoisePlugin : IPlugin
{
    /// <summary>The name of the plugin.</summary>
    public const string Name = "noise";

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection own, PluginContext host)
    {
        own.AddOptions<NoiseOptions>().Bind(host.Configuration).ValidateAtStart();
        own.AddSingleton<NoiseChannel>();
    }

    /// <inheritdoc/>
    public void Export(IServiceProvider own, IPluginExports exports)
    {
        exports.Add<ISecurityChannel>(own.GetRequiredService<NoiseChannel>());
        exports.Add<ISelfCheck>(new NoiseSelfCheck());
    }
}
