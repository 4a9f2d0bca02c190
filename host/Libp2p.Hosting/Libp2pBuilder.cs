using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Hosting;

internal sealed class Libp2pBuilder(IServiceCollection services, string name) : ILibp2pBuilder
{
    private readonly DirectPluginSource _direct = new();
    private readonly List<Func<IServiceProvider, IPluginSource>> _others = [];

    public IServiceCollection Services { get; } = services;

    /// <summary>The node being composed; empty for the default one.</summary>
    public string Name { get; } = name;

    /// <summary>Direct references first: where a folder holds the same plugin, the reference wins.</summary>
    public IEnumerable<Func<IServiceProvider, IPluginSource>> Sources => _others.Prepend(_ => _direct);

    public NodeRuntime? Runtime { get; set; }

    public NodeIdentity? Identity { get; set; }

    public ILibp2pBuilder AddPlugin(string name, Func<IPlugin> factory, Action<IServiceCollection>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(factory);
        _direct.Add(name, factory, configure);
        return this;
    }

    public void AddSource(Func<IServiceProvider, IPluginSource> source) => _others.Add(source);
}
