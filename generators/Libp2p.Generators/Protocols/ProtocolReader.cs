using System.Globalization;
using System.Text;
using Libp2p.Generators.Diagnostics;
using Libp2p.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Libp2p.Generators.Protocols;

/// <summary>Reads <c>[Protocol("...")]</c> off a type.</summary>
internal static class ProtocolReader
{
    public const string Attribute = "Libp2p.ProtocolAttribute";

    // multistream-select: 1024 bytes with the newline.
    private const int MaxLength = 1023;

    /// <summary>The type's ids; null when another declaration of the same partial type speaks for it.</summary>
    public static ProtocolResult? Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var type = (INamedTypeSymbol)context.TargetSymbol;
        var attributes = type.GetAttributes().Where(static a => a.AttributeClass?.ToDisplayString() == Attribute).ToArray();
        if (attributes.FirstOrDefault()?.ApplicationSyntaxReference?.GetSyntax(cancellation) is not { } first || !context.TargetNode.Contains(first))
        {
            return null;
        }

        var diagnostics = new List<DiagnosticInfo>();
        var uses = new List<ProtocolUse>();
        var name = type.ToDisplayString();
        foreach (var attribute in attributes)
        {
            var syntax = attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) as AttributeSyntax;
            var location = LocationInfo.From((SyntaxNode?)syntax?.ArgumentList?.Arguments.FirstOrDefault() ?? syntax);
            var id = attribute.ConstructorArguments.Length > 0 ? attribute.ConstructorArguments[0].Value as string ?? "" : "";
            if (Check(id, location) is { } problem)
            {
                diagnostics.Add(problem);
            }
            else
            {
                uses.Add(new ProtocolUse(id, name, location));
            }
        }

        var typeLocation = LocationInfo.From(((TypeDeclarationSyntax)context.TargetNode).Identifier.GetLocation());
        if (TypeDeclaration.FirstNotPartial(type) is { } closed)
        {
            diagnostics.Add(DiagnosticInfo.Create(ProtocolDiagnostics.NotPartial, typeLocation, closed.Name, type.Name));
        }

        var isHandler = Implements(type, "Libp2p.IProtocolHandler");
        var isSingle = Implements(type, "Libp2p.ISecurityChannel") || Implements(type, "Libp2p.IStreamMuxer");
        if (!isHandler && !isSingle)
        {
            diagnostics.Add(DiagnosticInfo.Create(ProtocolDiagnostics.WrongType, typeLocation, type.Name));
        }
        else if (isSingle && attributes.Length > 1)
        {
            diagnostics.Add(DiagnosticInfo.Create(
                ProtocolDiagnostics.SeveralIds, typeLocation, type.Name, attributes.Length.ToString(CultureInfo.InvariantCulture)));
        }

        var model = diagnostics.Count > 0 ? null : new ProtocolModel(
            TypeDeclaration.From(type),
            uses.Select(static use => use.Id).ToEquatableArray(),
            isHandler && !Declares(type, "Protocols"),
            isSingle && !Declares(type, "Protocol"));
        return new ProtocolResult(model, uses.ToEquatableArray(), diagnostics.ToEquatableArray());
    }

    private static DiagnosticInfo? Check(string id, LocationInfo? location)
    {
        if (!id.StartsWith("/", StringComparison.Ordinal))
        {
            return DiagnosticInfo.Create(ProtocolDiagnostics.NoSlash, location, id);
        }

        if (id.IndexOf('\n') >= 0)
        {
            return DiagnosticInfo.Create(ProtocolDiagnostics.NewLine, location);
        }

        var length = Encoding.UTF8.GetByteCount(id);
        return length > MaxLength
            ? DiagnosticInfo.Create(ProtocolDiagnostics.TooLong, location, length.ToString(CultureInfo.InvariantCulture))
            : null;
    }

    private static bool Implements(INamedTypeSymbol type, string role) => type.AllInterfaces.Any(i => i.ToDisplayString() == role);

    private static bool Declares(INamedTypeSymbol type, string member)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.GetMembers().Any(m => m.Name == member || m.Name.EndsWith("." + member, StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }
}
