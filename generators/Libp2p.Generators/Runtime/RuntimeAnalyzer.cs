using System.Collections.Immutable;
using Libp2p.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Libp2p.Generators.Runtime;

/// <summary>
/// Reports what a plugin takes from elsewhere than its <c>NodeRuntime</c>. On in projects with the property <c>IsLibp2pPlugin</c>, which the SDK sets, or <c>Libp2pRuntimeRules</c>;
/// the latter, set to false, turns it off.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RuntimeAnalyzer : DiagnosticAnalyzer
{
    private static readonly SymbolDisplayFormat FullName = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted, SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => RuntimeDiagnostics.All;

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (IsOn(start.Options.AnalyzerConfigOptionsProvider.GlobalOptions))
            {
                start.RegisterOperationAction(
                    Look, OperationKind.Invocation, OperationKind.ObjectCreation, OperationKind.PropertyReference, OperationKind.MethodReference, OperationKind.FieldReference);
            }
        });
    }

    private static bool IsOn(AnalyzerConfigOptions options)
    {
        options.TryGetValue("build_property.Libp2pRuntimeRules", out var rules);
        options.TryGetValue("build_property.IsLibp2pPlugin", out var plugin);
        return rules is "true" || (rules is not "false" && plugin is "true");
    }

    private static void Look(OperationAnalysisContext context)
    {
        ISymbol? used = context.Operation switch
        {
            IInvocationOperation call => call.TargetMethod,
            IObjectCreationOperation creation => creation.Constructor,
            IMemberReferenceOperation reference => reference.Member,
            _ => null,
        };
        if (used?.ContainingType is not { } type) return;
        var typeName = NameOf(type);
        if (RuntimeRules.Find(typeName, used.Name, Parameters(used)) is not { } rule || RuntimeRules.IsExcepted(OutermostOf(context.ContainingSymbol), typeName)) return;
        var name = used is IMethodSymbol { MethodKind: MethodKind.Constructor } ? $"new {type.Name}" : $"{type.Name}.{used.Name}";
        context.ReportDiagnostic(Diagnostic.Create(RuntimeDiagnostics.Of(rule.Id), Place(context.Operation.Syntax), name, rule.Instead));
    }

    private static Location Place(SyntaxNode syntax) => (syntax is InvocationExpressionSyntax call ? call.Expression : syntax).GetLocation();

    private static ImmutableArray<string> Parameters(ISymbol member) =>
        member is IMethodSymbol method ? [.. method.OriginalDefinition.Parameters.Select(static parameter => NameOf(parameter.Type))] : [];

    private static string OutermostOf(ISymbol symbol)
    {
        var type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        while (type?.ContainingType is { } outer) type = outer;
        return type is null ? "" : NameOf(type);
    }

    // As metadata has it: the arity behind the name, nothing of type arguments.
    private static string NameOf(ITypeSymbol type)
    {
        var name = type.OriginalDefinition.ToDisplayString(FullName);
        return type is INamedTypeSymbol { Arity: > 0 } generic ? $"{name}`{generic.Arity}" : name;
    }
}
