using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Hosting;

/// <summary>Where plugins come from: direct references, or drop-in folders.</summary>
public interface IPluginSource
{
    /// <summary>Looks for plugins. Never throws for a single broken one: that is a candidate with a fault.</summary>
    IEnumerable<PluginCandidate> Discover();
}

/// <summary>A plugin that was found; it is loaded only when <see cref="Load"/> is called.</summary>
public sealed class PluginCandidate
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its version.</summary>
    public string? Version { get; init; }

    /// <summary>Its folder; null when referenced directly.</summary>
    public string? Folder { get; init; }

    /// <summary>Loads its code and makes the entry point. Null where <see cref="Fault"/> says why it cannot be.</summary>
    public Func<LoadedPlugin>? Load { get; init; }

    /// <summary>Why it cannot be loaded, and what to do.</summary>
    public (string Reason, string Remedy)? Fault { get; init; }

    /// <summary>Runs after the plugin's own registrations.</summary>
    public Action<IServiceCollection>? Configure { get; init; }
}

/// <summary>A plugin's entry point, and what keeps its code loaded.</summary>
/// <param name="Entry">The entry point.</param>
/// <param name="Unload">Disposed after the plugin's container; null where the code stays loaded.</param>
public sealed record LoadedPlugin(IPlugin Entry, IDisposable? Unload = null);
