using Libp2p.Generators.Diagnostics;
using Libp2p.Generators.Emit;
using Libp2p.Generators.Model;
using Libp2p.Generators.Protocols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Libp2p.Generators.Manifests;

/// <summary>
/// The manifest of a plugin from <c>[Plugin("name")]</c> on its entry point: an assembly attribute of constants, which a host reads from
/// metadata without loading the plugin. Roles and protocol ids are those of the classes in the project.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ManifestGenerator : IIncrementalGenerator
{
    internal const string PluginStep = "ManifestPlugin";
    internal const string RolesStep = "ManifestRoles";
    internal const string ModelStep = "ManifestModel";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var plugins = context.SyntaxProvider
            .ForAttributeWithMetadataName(PluginReader.Attribute, static (node, _) => node is TypeDeclarationSyntax, PluginReader.Read)
            .WithTrackingName(PluginStep)
            .Collect();

        context.RegisterSourceOutput(plugins, static (output, all) =>
        {
            foreach (var diagnostic in all.SelectMany(static plugin => plugin.Diagnostics).Concat(Several(all)))
            {
                output.ReportDiagnostic(diagnostic.ToDiagnostic());
            }
        });

        var roles = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => node is ClassDeclarationSyntax { BaseList: not null }, PluginReader.Roles)
            .Where(static roles => roles.Count > 0)
            .WithTrackingName(RolesStep)
            .Collect();

        var protocols = context.SyntaxProvider
            .ForAttributeWithMetadataName(ProtocolReader.Attribute, static (node, _) => node is TypeDeclarationSyntax, ProtocolReader.Read)
            .Select(static (result, _) => result?.Model?.Ids ?? default)
            .Collect();

        var version = context.AnalyzerConfigOptionsProvider.Select(static (options, _) =>
            options.GlobalOptions.TryGetValue("build_property.Version", out var version) && version.Length > 0 ? version : "0.0.0");

        var manifest = plugins.Combine(roles).Combine(protocols).Combine(version)
            .Select(static (inputs, _) =>
            {
                var (((all, roles), protocols), version) = inputs;
                return all.Length == 1 && all[0].Model is { } plugin
                    ? new ManifestModel(
                        plugin,
                        version,
                        roles.SelectMany(static r => r).Distinct().OrderBy(static r => r, StringComparer.Ordinal).ToEquatableArray(),
                        protocols.SelectMany(static p => p).Distinct().OrderBy(static p => p, StringComparer.Ordinal).ToEquatableArray())
                    : null;
            })
            .WithTrackingName(ModelStep);

        context.RegisterSourceOutput(manifest, static (output, model) =>
        {
            if (model is not null)
            {
                output.AddSource("PluginManifest.g.cs", Emit(model));
            }
        });
    }

    private static IEnumerable<DiagnosticInfo> Several(IReadOnlyList<PluginResult> all)
    {
        var ordered = all.OrderBy(static plugin => plugin.Location?.Path, StringComparer.Ordinal).ThenBy(static plugin => plugin.Location?.Start).ToArray();
        return ordered.Skip(1).Select(plugin => DiagnosticInfo.Create(ManifestDiagnostics.Several, plugin.Location, ordered[0].Type));
    }

    private static SourceText Emit(ManifestModel model)
    {
        var writer = CodeWriter.File($"Manifest of the plugin '{model.Plugin.Name}': constants only, read by hosts before they load the assembly.");
        writer.Line("[assembly: global::Libp2p.PluginManifest(");
        writer.Indent();
        writer.Line($"{CodeWriter.Literal(model.Plugin.Name)},");
        writer.Line($"{CodeWriter.Literal(model.Plugin.EntryType)},");
        writer.Line("global::Libp2p.PluginAbi.Version,");
        writer.Line($"Version = {CodeWriter.Literal(model.Version)},");
        writer.Line($"Description = {CodeWriter.Literal(model.Plugin.Description)},");
        writer.Line($"Roles = {CodeWriter.Literal(string.Join(" ", model.Roles))},");
        writer.Line($"Protocols = {CodeWriter.Literal(string.Join(" ", model.Protocols))},");
        writer.Line($"OptionsSection = {CodeWriter.Literal("Libp2p:Plugins:" + model.Plugin.Name)})]");
        writer.Unindent();
        return writer.ToSourceText();
    }
}
