using Libp2p;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Protocol_1;

/// <summary>The entry point: nodes find it by the manifest that <see cref="PluginAttribute"/> makes.</summary>
[Plugin(Name, Description = "Answers requests of the protocol /sample/1.0.0.")]
public sealed class SamplePlugin : IPlugin
{
    /// <summary>The plugin's name; its options are in <c>Libp2p:Plugins:sample-plugin</c>.</summary>
    public const string Name = "sample-plugin";

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection own, PluginContext host)
    {
        own.AddOptions<SampleOptions>().Bind(host.Configuration).ValidateAtStart();
        own.AddSingleton<SampleHandler>();
    }

    /// <inheritdoc/>
    public void Export(IServiceProvider own, IPluginExports exports) =>
        exports.Add<IProtocolHandler>(own.GetRequiredService<SampleHandler>());
}
