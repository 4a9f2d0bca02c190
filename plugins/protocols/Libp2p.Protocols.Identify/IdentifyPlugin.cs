using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Libp2p.Protocols.Identify;

/// <summary>Identify and identify-push as a plugin: it asks and answers, and offers <see cref="IIdentifyService"/>. Options: <see cref="IdentifyOptions"/>.</summary>
[Plugin(Name, Description = "identify and identify-push: peers tell each other what they are.")]
public sealed class IdentifyPlugin : IPlugin
{
    /// <summary>The name of the plugin.</summary>
    public const string Name = "identify";

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection own, PluginContext host)
    {
        own.AddOptions<IdentifyOptions>().Bind(host.Configuration).ValidateAtStart();
        own.AddSingleton(static services => new IdentifySelf(
            services.GetRequiredService<INode>(),
            services.GetRequiredService<NodeIdentity>(),
            services.GetRequiredService<NodeRuntime>().Time,
            services.GetRequiredService<IOptions<IdentifyOptions>>().Value));
        own.AddSingleton(static services => new PushLimiter(services.GetRequiredService<IOptions<IdentifyOptions>>().Value));
        own.AddSingleton<IdentifyService>();
        own.AddSingleton<IdentifyHandler>();
        own.AddSingleton<IdentifyPushHandler>();
    }

    /// <inheritdoc/>
    public void Export(IServiceProvider own, IPluginExports exports)
    {
        var service = own.GetRequiredService<IdentifyService>();
        exports.Add<IProtocolHandler>(own.GetRequiredService<IdentifyHandler>());
        exports.Add<IProtocolHandler>(own.GetRequiredService<IdentifyPushHandler>());
        exports.Add<IConnectionObserver>(service);
        exports.Add<IIdentifyService>(service);
        service.Watch();
    }
}
