namespace Libp2p;

/// <summary>Marks the entry point of a plugin: a class with a parameterless constructor that implements <see cref="IPlugin"/>. The generator emits its <see cref="PluginManifestAttribute"/>.</summary>
/// <param name="name">The plugin's name, unique on a node: lower case letters, digits, '-', '.'. Its options are in <c>Libp2p:Plugins:&lt;name&gt;</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PluginAttribute(string name) : Attribute
{
    /// <summary>The plugin's name.</summary>
    public string Name { get; } = name;

    /// <summary>What it does, in one line.</summary>
    public string? Description { get; set; }
}

/// <summary>
/// What a host must know of a plugin before it loads it. Emitted by the generator for the class marked with <see cref="PluginAttribute"/>; only constants, so that it is read
/// from metadata alone.
/// </summary>
/// <param name="name">The plugin's name.</param>
/// <param name="entryType">The full name of the entry point.</param>
/// <param name="abiVersion">The <see cref="PluginAbi.Version"/> that it was built against.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class PluginManifestAttribute(string name, string entryType, int abiVersion) : Attribute
{
    /// <summary>The plugin's name.</summary>
    public string Name { get; } = name;

    /// <summary>The full name of the entry point.</summary>
    public string EntryType { get; } = entryType;

    /// <summary>The <see cref="PluginAbi.Version"/> that it was built against.</summary>
    public int AbiVersion { get; } = abiVersion;

    /// <summary>The plugin's own version, as its project says.</summary>
    public string? Version { get; set; }

    /// <summary>What it does, in one line.</summary>
    public string? Description { get; set; }

    /// <summary>The role interfaces that its classes implement, such as <c>ISecurityChannel</c>, separated by spaces.</summary>
    public string? Roles { get; set; }

    /// <summary>The configuration section of its options: <c>Libp2p:Plugins:&lt;name&gt;</c>.</summary>
    public string? OptionsSection { get; set; }

    /// <summary>The protocol ids of its handlers, channels and muxers, separated by spaces.</summary>
    public string? Protocols { get; set; }
}

/// <summary>The contract between hosts and plugins as a number. A host loads plugins built against its own version only.</summary>
public static class PluginAbi
{
    /// <summary>Raised when a contract changes in a way that breaks plugins built before.</summary>
    public const int Version = 1;
}
