using System.Collections.Immutable;

namespace Libp2p.Hosting;

/// <summary>What became of a plugin.</summary>
public enum PluginState
{
    /// <summary>It is part of the node.</summary>
    Active,

    /// <summary>Switched off by configuration.</summary>
    Disabled,

    /// <summary>Left out: broken, incompatible, or it failed.</summary>
    LeftOut,
}

/// <summary>What was found of a plugin and what became of it.</summary>
public sealed record PluginReport
{
    /// <summary>Its name; of a broken one, its folder's.</summary>
    public required string Name { get; init; }

    /// <summary>Its version, where it could be read.</summary>
    public string? Version { get; init; }

    /// <summary>Its folder; null when referenced directly.</summary>
    public string? Folder { get; init; }

    /// <summary>What became of it.</summary>
    public required PluginState State { get; init; }

    /// <summary>Why it is not active.</summary>
    public string? Reason { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Remedy { get; init; }

    /// <summary>The roles it exported, by interface name.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];
}

/// <summary>A plugin that the node cannot do without is not there.</summary>
public sealed class RequiredPluginException(PluginReport report)
    : Libp2pException($"The required plugin '{report.Name}' is not active: {report.Reason} {report.Remedy}".TrimEnd())
{
    /// <summary>What became of it.</summary>
    public PluginReport Report { get; } = report;

    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Resources;
}
