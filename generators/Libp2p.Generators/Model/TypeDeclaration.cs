using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Libp2p.Generators.Model;

/// <summary>How to open a partial declaration of a user's type: its namespace and its chain of containing types, outermost first.</summary>
internal sealed record TypeDeclaration(string Namespace, EquatableArray<string> Headers, EquatableArray<string> Names)
{
    /// <summary>The innermost name, without type parameters.</summary>
    public string Name => Names[Names.Count - 1];

    /// <summary>Unique within an assembly and fit for a file name.</summary>
    public string HintName => (Namespace.Length == 0 ? "" : Namespace + ".") + string.Join(".", Names);

    /// <summary>The type as <c>global::A.B.C</c>; only for types without type parameters.</summary>
    public string FullyQualifiedName => "global::" + HintName;

    public static TypeDeclaration From(INamedTypeSymbol type)
    {
        var headers = new List<string>();
        var names = new List<string>();
        for (var current = type; current is not null; current = current.ContainingType)
        {
            headers.Insert(0, Header(current));
            names.Insert(0, current.Arity == 0 ? current.Name : current.Name + "_" + current.Arity);
        }

        var containing = type.ContainingNamespace is { IsGlobalNamespace: false } found ? found.ToDisplayString() : "";
        return new TypeDeclaration(containing, headers.ToEquatableArray(), names.ToEquatableArray());
    }

    /// <summary>The first type of the chain that is not declared <c>partial</c>, or null when all are.</summary>
    public static INamedTypeSymbol? FirstNotPartial(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.ContainingType)
        {
            var partial = current.DeclaringSyntaxReferences
                .Select(static reference => reference.GetSyntax())
                .OfType<TypeDeclarationSyntax>()
                .Any(static syntax => syntax.Modifiers.Any(SyntaxKind.PartialKeyword));
            if (!partial)
            {
                return current;
            }
        }

        return null;
    }

    private static string Header(INamedTypeSymbol type)
    {
        var header = new StringBuilder("partial ");
        header.Append((type.IsRecord, type.TypeKind) switch
        {
            (true, TypeKind.Struct) => "record struct ",
            (true, _) => "record ",
            (_, TypeKind.Struct) => "struct ",
            (_, TypeKind.Interface) => "interface ",
            _ => "class ",
        });
        header.Append(type.Name);
        if (type.TypeParameters.Length > 0)
        {
            header.Append('<').Append(string.Join(", ", type.TypeParameters.Select(static p => p.Name))).Append('>');
        }

        return header.ToString();
    }
}
