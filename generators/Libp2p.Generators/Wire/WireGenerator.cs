using Libp2p.Generators.Model;
using Libp2p.Generators.Wire.Attributes;
using Libp2p.Generators.Wire.Emit;
using Libp2p.Generators.Wire.Model;
using Libp2p.Generators.Wire.Proto;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Libp2p.Generators.Wire;

/// <summary>
/// Codecs of wire messages, for each an owning class and a zero-copy <c>View</c>. One model and one emitter, two front ends:
/// <c>.proto</c> files, and partial types marked <c>[WireMessage]</c>.
/// </summary>
/// <remarks>
/// Schemas are AdditionalFiles with <c>Libp2pKind="Proto"</c>. What they emit is <c>internal</c> unless the item says <c>Libp2pAccess="Public"</c>. The
/// namespace is the item's <c>Libp2pNamespace</c>, else the file's <c>csharp_namespace</c>, else the project's <c>Libp2pWireNamespace</c>, else its root
/// namespace with <c>.Wire</c>. Limits are options of the package <c>libp2p</c>, which the parser knows:
/// <c>bytes data = 1 [(libp2p.max_length) = 8192]</c>. For protoc and editors they are declared in <c>libp2p/wire.proto</c>.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class WireGenerator : IIncrementalGenerator
{
    internal const string InputStep = "WireInput";
    internal const string ParseStep = "WireParse";
    internal const string SymbolsStep = "WireSymbols";
    internal const string ResolveStep = "WireResolve";
    internal const string AttributesStep = "WireAttributes";
    internal const string MessagesStep = "WireMessages";
    internal const string EnumsStep = "WireEnums";
    internal const string RegistryStep = "WireRegistry";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var schemas = Schemas(context);
        var attributed = context.SyntaxProvider
            .ForAttributeWithMetadataName(WireMessageReader.MessageAttribute, static (node, _) => node is TypeDeclarationSyntax, WireMessageReader.Read)
            .WithTrackingName(AttributesStep);
        var strays = context.SyntaxProvider
            .ForAttributeWithMetadataName(WireMessageReader.FieldAttribute, static (node, _) => node is PropertyDeclarationSyntax, WireMessageReader.ReadStray)
            .Select(static (stray, _) => stray is null ? default : new[] { stray }.ToEquatableArray());

        Report(context, schemas.Select(static (schema, _) => schema.Diagnostics));
        Report(context, attributed.Select(static (message, _) => message.Diagnostics));
        Report(context, strays);

        var fromSchemas = schemas
            .SelectMany(static (schema, _) => schema.Value?.Messages.ToArray() ?? [])
            .WithTrackingName(MessagesStep);
        var fromAttributes = attributed
            .Where(static message => message.Value is not null)
            .Select(static (message, _) => message.Value!)
            .WithTrackingName(MessagesStep);
        context.RegisterSourceOutput(fromSchemas, Emit);
        context.RegisterSourceOutput(fromAttributes, Emit);

        var enums = schemas
            .SelectMany(static (schema, _) => schema.Value is { } value
                ? value.Enums.Select(e => new TopLevelEnum(e, value.Namespace, value.Access, value.Source)).ToArray()
                : [])
            .WithTrackingName(EnumsStep);
        context.RegisterSourceOutput(enums, static (output, e) =>
            output.AddSource($"{e.Namespace}.{e.Enum.Name}.Wire.g.cs", WireEmitter.Emit(e.Enum, e.Namespace, e.Access, e.Source)));

        var registry = fromSchemas.Collect()
            .Combine(fromAttributes.Collect())
            .Select(static (all, _) => all.Left.Concat(all.Right)
                .SelectMany(static message => message.All)
                .Select(static message => message.Type.FullyQualifiedName)
                .OrderBy(static name => name, StringComparer.Ordinal)
                .ToEquatableArray())
            .Combine(context.AnalyzerConfigOptionsProvider.Select(static (options, _) => ProtoInput.DefaultNamespaceOf(options)))
            .WithTrackingName(RegistryStep);
        context.RegisterSourceOutput(registry, static (output, all) =>
        {
            if (all.Left.Count > 0)
            {
                output.AddSource("WireSchemas.g.cs", RegistryEmitter.Emit(all.Right, all.Left));
            }
        });
    }

    private static IncrementalValuesProvider<Result<SchemaModel>> Schemas(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Where(static pair => ProtoInput.IsSchema(pair.Left, pair.Right))
            .Select(static (pair, cancellation) => ProtoInput.From(pair.Left, pair.Right, cancellation))
            .WithTrackingName(InputStep)
            .Select(ProtoParser.Parse)
            .WithTrackingName(ParseStep);

        var symbols = files.Collect()
            .Select(static (all, _) => ProtoSymbols.From(all))
            .WithTrackingName(SymbolsStep);

        return files.Combine(symbols)
            .Select(static (pair, cancellation) => ProtoResolver.Resolve(pair.Left, pair.Right, cancellation))
            .WithTrackingName(ResolveStep);
    }

    private static void Emit(SourceProductionContext output, MessageModel message) =>
        output.AddSource($"{message.Type.HintName}.Wire.g.cs", WireEmitter.Emit(message));

    private static void Report(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<EquatableArray<DiagnosticInfo>> diagnostics) =>
        context.RegisterSourceOutput(diagnostics, static (output, all) =>
        {
            foreach (var diagnostic in all)
            {
                output.ReportDiagnostic(diagnostic.ToDiagnostic());
            }
        });

    private sealed record TopLevelEnum(EnumModel Enum, string Namespace, string Access, string Source);
}
