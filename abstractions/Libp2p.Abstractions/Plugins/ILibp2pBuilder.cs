using Microsoft.Extensions.DependencyInjection;

namespace Libp2p;

/// <summary>
/// Composes a node from plugins that are referenced directly: <c>services.AddLibp2p(b => b.AddTcp().AddNoise().AddYamux())</c>.
/// A plugin's own assembly adds its verb: <c>AddNoise(this ILibp2pBuilder, Action&lt;NoiseOptions&gt;?)</c>, which calls <see cref="AddPlugin"/>.
/// </summary>
public interface ILibp2pBuilder
{
    /// <summary>The services of the application.</summary>
    IServiceCollection Services { get; }

    /// <summary>Adds a plugin. It is composed exactly as one from a drop-in folder: own container, options from <c>Libp2p:Plugins:&lt;name&gt;</c>, live roles.</summary>
    /// <param name="name">The plugin's name, as in its <c>[Plugin]</c> attribute; one of a name per node.</param>
    /// <param name="factory">Makes the entry point, once a node.</param>
    /// <param name="configure">Runs after the plugin's own <see cref="IPlugin.ConfigureServices"/>, so that code wins over configuration.</param>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    ILibp2pBuilder AddPlugin(string name, Func<IPlugin> factory, Action<IServiceCollection>? configure = null);
}
