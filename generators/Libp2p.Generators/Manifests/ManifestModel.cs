using Libp2p.Generators.Model;

namespace Libp2p.Generators.Manifests;

/// <summary>The entry point of a plugin.</summary>
internal sealed record PluginModel(string Name, string EntryType, string Description);

/// <summary>What one <c>[Plugin]</c> gave.</summary>
internal sealed record PluginResult(PluginModel? Model, string Type, LocationInfo? Location, EquatableArray<DiagnosticInfo> Diagnostics);

/// <summary>Everything that the host learns without loading the assembly.</summary>
internal sealed record ManifestModel(PluginModel Plugin, string Version, EquatableArray<string> Roles, EquatableArray<string> Protocols);
