using Libp2p.Generators.Diagnostics;
using Libp2p.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Libp2p.Generators.Protocols;

/// <summary>
/// Protocol ids from <c>[Protocol("/ipfs/ping/1.0.0")]</c> on a handler, channel or muxer: <c>ProtocolId</c> members whose multistream-select
/// line is constant data, and the property that the role's interface asks for.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ProtocolGenerator : IIncrementalGenerator
{
    internal const string ReadStep = "ProtocolRead";
    internal const string ModelStep = "ProtocolModel";
    internal const string DuplicatesStep = "ProtocolDuplicates";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var results = context.SyntaxProvider
            .ForAttributeWithMetadataName(ProtocolReader.Attribute, static (node, _) => node is TypeDeclarationSyntax, ProtocolReader.Read)
            .Where(static result => result is not null)
            .Select(static (result, _) => result!)
            .WithTrackingName(ReadStep);

        context.RegisterSourceOutput(results, static (output, result) =>
        {
            foreach (var diagnostic in result.Diagnostics)
            {
                output.ReportDiagnostic(diagnostic.ToDiagnostic());
            }
        });

        var duplicates = results.Collect()
            .Select(static (all, _) => Duplicates(all.SelectMany(static result => result.Uses)))
            .WithTrackingName(DuplicatesStep);
        context.RegisterSourceOutput(duplicates, static (output, found) =>
        {
            foreach (var diagnostic in found)
            {
                output.ReportDiagnostic(diagnostic.ToDiagnostic());
            }
        });

        // Apart from locations, so that an edit above a type does not emit it again.
        var models = results
            .Where(static result => result.Model is not null)
            .Select(static (result, _) => result.Model!)
            .WithTrackingName(ModelStep);
        context.RegisterSourceOutput(models, static (output, model) =>
            output.AddSource($"{model.Type.HintName}.Protocols.g.cs", ProtocolEmitter.Emit(model)));
    }

    private static EquatableArray<DiagnosticInfo> Duplicates(IEnumerable<ProtocolUse> uses)
    {
        var first = new Dictionary<string, ProtocolUse>(StringComparer.Ordinal);
        var found = new List<DiagnosticInfo>();
        foreach (var use in uses.OrderBy(static use => use.Location?.Path, StringComparer.Ordinal).ThenBy(static use => use.Location?.Start))
        {
            if (first.TryGetValue(use.Id, out var earlier))
            {
                found.Add(DiagnosticInfo.Create(ProtocolDiagnostics.Duplicate, use.Location, use.Id, earlier.Type));
            }
            else
            {
                first.Add(use.Id, use);
            }
        }

        return found.ToEquatableArray();
    }
}
