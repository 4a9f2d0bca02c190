using Microsoft.CodeAnalysis;

namespace Libp2p.Generators.Diagnostics;

/// <summary>LP2P0200 to LP2P0299: plugin manifests.</summary>
internal static class ManifestDiagnostics
{
    private const string Category = "Libp2p.Plugins";

    public static readonly DiagnosticDescriptor NotAPlugin = Error(
        "LP2P0200", "The entry point of a plugin does not implement IPlugin", "'{0}' is marked [Plugin] but does not implement IPlugin");

    public static readonly DiagnosticDescriptor InvalidName = Error(
        "LP2P0201", "A plugin's name is invalid", "Plugin name '{0}' must be 1 to 64 lower-case letters, digits, '-' and '.', and start with a letter");

    public static readonly DiagnosticDescriptor Several = Error(
        "LP2P0202", "An assembly has several plugins", "'{0}' is the entry point of this assembly already; an assembly is one plugin");

    public static readonly DiagnosticDescriptor NotConstructible = Error(
        "LP2P0203", "The entry point of a plugin cannot be constructed", "The host cannot make a '{0}': {1}");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true);
}
