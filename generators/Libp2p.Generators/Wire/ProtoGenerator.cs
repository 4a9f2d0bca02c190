using Libp2p.Generators.Wire.Emit;
using Libp2p.Generators.Wire.Model;
using Libp2p.Generators.Wire.Proto;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Libp2p.Generators.Wire;

/// <summary>
/// Wire messages from <c>.proto</c> files: AdditionalFiles with <c>Libp2pKind="Proto"</c>. For each message an owning class and a
/// zero-copy <c>View</c> are emitted, <c>internal</c> unless the item says <c>Libp2pAccess="Public"</c>.
/// </summary>
/// <remarks>
/// The namespace is the item's <c>Libp2pNamespace</c>, else the file's <c>csharp_namespace</c>, else the project's
/// <c>Libp2pWireNamespace</c>, else its root namespace with <c>.Wire</c>. Limits are options of the package <c>libp2p</c>, which this
/// parser knows: <c>bytes data = 1 [(libp2p.max_length) = 8192]</c>. For protoc they are declared in <c>libp2p/wire.proto</c>.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class ProtoGenerator : IIncrementalGenerator
{
    internal const string InputStep = "ProtoInput";
    internal const string ParseStep = "ProtoParse";
    internal const string SymbolsStep = "ProtoSymbols";
    internal const string ResolveStep = "ProtoResolve";
    internal const string MessagesStep = "ProtoMessages";
    internal const string EnumsStep = "ProtoEnums";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Where(static pair => IsProto(pair.Left, pair.Right))
            .Select(static (pair, cancellation) => Input(pair.Left, pair.Right, cancellation))
            .WithTrackingName(InputStep)
            .Select(ProtoParser.Parse)
            .WithTrackingName(ParseStep);

        var symbols = files.Collect()
            .Select(static (all, _) => ProtoSymbols.From(all))
            .WithTrackingName(SymbolsStep);

        var schemas = files.Combine(symbols)
            .Select(static (pair, cancellation) => ProtoResolver.Resolve(pair.Left, pair.Right, cancellation))
            .WithTrackingName(ResolveStep);

        context.RegisterSourceOutput(schemas, static (output, schema) =>
        {
            foreach (var diagnostic in schema.Diagnostics)
            {
                output.ReportDiagnostic(diagnostic.ToDiagnostic());
            }
        });

        var messages = schemas
            .SelectMany(static (schema, _) => schema.Value?.Messages.ToArray() ?? [])
            .WithTrackingName(MessagesStep);
        context.RegisterSourceOutput(messages, static (output, message) =>
            output.AddSource($"{message.Type.HintName}.Wire.g.cs", WireEmitter.Emit(message)));

        var enums = schemas
            .SelectMany(static (schema, _) => schema.Value is { } value
                ? value.Enums.Select(e => new TopLevelEnum(e, value.Namespace, value.Access, value.Source)).ToArray()
                : [])
            .WithTrackingName(EnumsStep);
        context.RegisterSourceOutput(enums, static (output, e) =>
            output.AddSource($"{e.Namespace}.{e.Enum.Name}.Wire.g.cs", WireEmitter.Emit(e.Enum, e.Namespace, e.Access, e.Source)));
    }

    private static bool IsProto(AdditionalText file, AnalyzerConfigOptionsProvider options) =>
        options.GetOptions(file).TryGetValue("build_metadata.AdditionalFiles.Libp2pKind", out var kind)
        && kind.Equals("Proto", StringComparison.OrdinalIgnoreCase);

    private static ProtoInput Input(AdditionalText file, AnalyzerConfigOptionsProvider options, CancellationToken cancellation)
    {
        var own = options.GetOptions(file);
        own.TryGetValue("build_metadata.AdditionalFiles.Libp2pNamespace", out var space);
        own.TryGetValue("build_metadata.AdditionalFiles.Libp2pAccess", out var access);
        if (!options.GlobalOptions.TryGetValue("build_property.Libp2pWireNamespace", out var fallback) || string.IsNullOrEmpty(fallback))
        {
            fallback = options.GlobalOptions.TryGetValue("build_property.RootNamespace", out var root) && !string.IsNullOrEmpty(root)
                ? root + ".Wire"
                : "Libp2p.Wire.Schemas";
        }

        return new ProtoInput(
            file.Path,
            file.GetText(cancellation)?.ToString() ?? "",
            space ?? "",
            fallback,
            string.Equals(access, "Public", StringComparison.OrdinalIgnoreCase) ? "public" : "internal");
    }

    private sealed record TopLevelEnum(EnumModel Enum, string Namespace, string Access, string Source);
}
