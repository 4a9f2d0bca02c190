using Libp2p.Generators.Diagnostics;
using Libp2p.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Libp2p.Generators.Manifests;

/// <summary>Reads <c>[Plugin("name")]</c> off a type, and roles off any class.</summary>
internal static class PluginReader
{
    public const string Attribute = "Libp2p.PluginAttribute";

    // What the swarm and other plugins look up. Interfaces of the contracts that end in "Service" are roles too.
    private static readonly HashSet<string> KnownRoles =
    [
        "ITransport", "IByteTransport", "IMultiplexedTransport", "ISecurityChannel", "IStreamMuxer", "IConnectionProtector",
        "IProtocolHandler", "IConnectionObserver", "IPeerRouting", "IContentRouting", "IValueStore", "IPeerDiscovery", "IRecordValidator", "IDatastore",
        "IPeerstore",
    ];

    public static PluginResult Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var type = (INamedTypeSymbol)context.TargetSymbol;
        var attribute = context.Attributes[0];
        var syntax = attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) as AttributeSyntax;
        var location = LocationInfo.From(((TypeDeclarationSyntax)context.TargetNode).Identifier.GetLocation());
        var diagnostics = new List<DiagnosticInfo>();
        var name = attribute.ConstructorArguments.Length > 0 ? attribute.ConstructorArguments[0].Value as string ?? "" : "";
        if (!IsName(name))
        {
            diagnostics.Add(DiagnosticInfo.Create(
                ManifestDiagnostics.InvalidName, LocationInfo.From((SyntaxNode?)syntax?.ArgumentList?.Arguments.FirstOrDefault() ?? syntax), name));
        }

        if (!type.AllInterfaces.Any(static i => i.ToDisplayString() == "Libp2p.IPlugin"))
        {
            diagnostics.Add(DiagnosticInfo.Create(ManifestDiagnostics.NotAPlugin, location, type.Name));
        }

        if (Obstacle(type) is { } obstacle)
        {
            diagnostics.Add(DiagnosticInfo.Create(ManifestDiagnostics.NotConstructible, location, type.Name, obstacle));
        }

        var description = attribute.NamedArguments.FirstOrDefault(static argument => argument.Key == "Description").Value.Value as string ?? "";
        var model = diagnostics.Count > 0 ? null : new PluginModel(name, MetadataName(type), description);
        return new PluginResult(model, type.Name, location, diagnostics.ToEquatableArray());
    }

    public static EquatableArray<string> Roles(GeneratorSyntaxContext context, CancellationToken cancellation) =>
        context.SemanticModel.GetDeclaredSymbol(context.Node, cancellation) is INamedTypeSymbol type
            ? type.AllInterfaces
                .Where(static i => i.ContainingNamespace.ToDisplayString() == "Libp2p" && i.ContainingAssembly.Name == "Libp2p.Abstractions")
                .Select(static i => i.Name)
                .Where(static role => KnownRoles.Contains(role) || role.EndsWith("Service", StringComparison.Ordinal))
                .ToEquatableArray()
            : default;

    private static string? Obstacle(INamedTypeSymbol type) =>
        type.IsAbstract ? "it is abstract"
        : type.IsGenericType ? "it is generic"
        : type.InstanceConstructors.Any(static c => c.Parameters.Length == 0 && c.DeclaredAccessibility == Accessibility.Public) ? null
        : "it has no public constructor without parameters";

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= 64
        && name[0] is >= 'a' and <= 'z'
        && name.All(static c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '.');

    /// <summary>The name as metadata spells it: nested types with '+'.</summary>
    private static string MetadataName(INamedTypeSymbol type)
    {
        var name = type.MetadataName;
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            name = outer.MetadataName + "+" + name;
        }

        return type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "." + name : name;
    }
}
