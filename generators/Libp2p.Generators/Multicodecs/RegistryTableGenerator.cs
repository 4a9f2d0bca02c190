using Libp2p.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Libp2p.Generators.Multicodecs;

/// <summary>
/// Turns the multiformats registries, given as AdditionalFiles whose <c>Libp2pKind</c> is <c>MulticodecTable</c> or <c>MultiaddrProtocols</c>, into tables.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class RegistryTableGenerator : IIncrementalGenerator
{
    internal const string MulticodecStage = "MulticodecTable";
    internal const string MultiaddrStage = "MultiaddrProtocols";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var multicodecs = Tables(context, "MulticodecTable", MulticodecTableModel.Parse).WithTrackingName(MulticodecStage);
        var protocols = Tables(context, "MultiaddrProtocols", MultiaddrProtocolsModel.Parse).WithTrackingName(MultiaddrStage);

        context.RegisterSourceOutput(multicodecs, static (output, table) =>
            Add(output, $"{table.Namespace}.Multicodec.g.cs", MulticodecTableEmitter.Emit(table), table.Diagnostics));
        context.RegisterSourceOutput(protocols, static (output, table) =>
            Add(output, $"{table.Namespace}.MultiaddrProtocol.g.cs", MultiaddrProtocolsEmitter.Emit(table), table.Diagnostics));
    }

    private static IncrementalValuesProvider<T> Tables<T>(
        IncrementalGeneratorInitializationContext context, string kind, Func<string, string, string, CancellationToken, T> parse)
        where T : class =>
        context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Where(pair => Metadata(pair.Right.GetOptions(pair.Left), "Libp2pKind") == kind)
            .Select((pair, ct) => parse(
                pair.Left.Path,
                Metadata(pair.Right.GetOptions(pair.Left), "Libp2pNamespace") ?? "Libp2p.Multiformats",
                pair.Left.GetText(ct)?.ToString() ?? "",
                ct));

    private static string? Metadata(AnalyzerConfigOptions options, string name) =>
        options.TryGetValue("build_metadata.AdditionalFiles." + name, out var value) && value.Length > 0 ? value : null;

    private static void Add(SourceProductionContext output, string hint, SourceText source, EquatableArray<DiagnosticInfo> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            output.ReportDiagnostic(diagnostic.ToDiagnostic());
        }

        output.AddSource(hint, source);
    }
}
