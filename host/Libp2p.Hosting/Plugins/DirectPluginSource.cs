using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Hosting;

/// <summary>The plugins that <see cref="ILibp2pBuilder.AddPlugin"/> named.</summary>
internal sealed class DirectPluginSource : IPluginSource
{
    private readonly List<PluginCandidate> _candidates = [];

    public void Add(string name, Func<IPlugin> factory, Action<IServiceCollection>? configure)
    {
        if (_candidates.Any(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidOperationException($"A plugin named '{name}' was added already. Add each plugin once, and pass all its options there.");
        }

        _candidates.Add(new PluginCandidate
        {
            Name = name,
            Version = factory.Method.Module.Assembly.GetName().Version?.ToString(3),
            Load = () => new LoadedPlugin(factory()),
            Configure = configure,
        });
    }

    public IEnumerable<PluginCandidate> Discover() => _candidates;
}
