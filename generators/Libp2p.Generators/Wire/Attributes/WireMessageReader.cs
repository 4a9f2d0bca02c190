using System.Globalization;
using System.Text;
using Libp2p.Generators.Diagnostics;
using Libp2p.Generators.Model;
using Libp2p.Generators.Wire.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Libp2p.Generators.Wire.Attributes;

/// <summary>Reads a type marked <c>[WireMessage]</c> into the model that schemas are read into.</summary>
internal sealed partial class WireMessageReader
{
    public const string MessageAttribute = "Libp2p.Wire.WireMessageAttribute";
    public const string FieldAttribute = "Libp2p.Wire.WireFieldAttribute";

    private readonly INamedTypeSymbol _type;
    private readonly AttributeData _attribute;
    private readonly List<DiagnosticInfo> _diagnostics = [];
    private readonly LocationInfo? _location;

    private WireMessageReader(GeneratorAttributeSyntaxContext context)
    {
        _type = (INamedTypeSymbol)context.TargetSymbol;
        _attribute = context.Attributes[0];
        _location = LocationInfo.From(((TypeDeclarationSyntax)context.TargetNode).Identifier.GetLocation());
    }

    public static Result<MessageModel> Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var reader = new WireMessageReader(context);
        var model = reader.Read();
        return new Result<MessageModel>(reader._diagnostics.Count > 0 ? null : model, reader._diagnostics.ToEquatableArray());
    }

    /// <summary>Reports a field attribute on a property whose type is no message.</summary>
    public static DiagnosticInfo? ReadStray(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var type = context.TargetSymbol.ContainingType;
        return type is null || Find(type, MessageAttribute) is not null
            ? null
            : DiagnosticInfo.Create(
                WireDiagnostics.FieldOutsideMessage, LocationInfo.From(context.TargetSymbol.Locations.FirstOrDefault()), context.TargetSymbol.Name, type.Name);
    }

    private MessageModel? Read()
    {
        if (Unfit() is { } why)
        {
            _diagnostics.Add(DiagnosticInfo.Create(WireDiagnostics.UnfitType, _location, _type.Name, why));
            return null;
        }

        if (TypeDeclaration.FirstNotPartial(_type) is { } closed)
        {
            _diagnostics.Add(DiagnosticInfo.Create(WireDiagnostics.NotPartial, _location, closed.Name, _type.Name));
            return null;
        }

        var maxSize = Named(_attribute, "MaxSize", WireDefaults.MessageSize);
        var maxDepth = Named(_attribute, "MaxDepth", WireDefaults.Depth);
        if (maxSize <= 0)
        {
            InvalidLimit(_attribute, $"MaxSize is 1 or more, not {maxSize}");
        }

        if (maxDepth is <= 0 or > WireDefaults.Depth)
        {
            InvalidLimit(_attribute, $"MaxDepth is 1 to {WireDefaults.Depth}, not {maxDepth}");
        }

        var fields = new List<FieldModel>();
        foreach (var property in _type.GetMembers().OfType<IPropertySymbol>())
        {
            if (Find(property, FieldAttribute) is { } attribute && Field(property, attribute) is { } field)
            {
                CheckUnique(property, field, fields);
                fields.Add(field);
            }
        }

        if (fields.Count(static f => !f.IsRepeated) > 64)
        {
            _diagnostics.Add(DiagnosticInfo.Create(WireDiagnostics.UnfitType, _location, _type.Name, "it has more than 64 fields that are not lists"));
        }

        return new MessageModel(
            TypeDeclaration.From(_type),
            _attribute.ConstructorArguments.FirstOrDefault().Value as string ?? _type.ToDisplayString(),
            "[WireMessage]",
            Access: "",
            Declares: false,
            fields.ToEquatableArray(),
            default,
            default,
            maxSize,
            maxDepth,
            Named(_attribute, "DeclaredOrder", false),
            Named(_attribute, "RetainUnknown", false),
            Comment: "");
    }

    private string? Unfit()
    {
        for (var current = _type; current is not null; current = current.ContainingType)
        {
            if (current.IsGenericType)
            {
                return "it is generic";
            }
        }

        return _type.TypeKind != TypeKind.Class ? "it is no class"
            : _type.IsStatic ? "it is static"
            : _type.IsAbstract ? "it is abstract"
            : !_type.InstanceConstructors.Any(static c => c.Parameters.Length == 0) ? "it has no constructor without parameters"
            : _type.GetMembers().Any(static m => m is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }) ? "it has 'required' members, which decoding cannot set"
            : null;
    }

    private void CheckUnique(IPropertySymbol property, FieldModel field, List<FieldModel> earlier)
    {
        if (earlier.FirstOrDefault(f => f.Number == field.Number) is { } same)
        {
            _diagnostics.Add(DiagnosticInfo.Create(WireDiagnostics.DuplicateField, Location(property), field.Property, "number", same.Property));
        }
    }

    private void InvalidLimit(AttributeData attribute, string why) =>
        _diagnostics.Add(DiagnosticInfo.Create(WireDiagnostics.InvalidLimit, LocationInfo.From(attribute.ApplicationSyntaxReference), why));

    private static LocationInfo? Location(IPropertySymbol property) => LocationInfo.From(property.Locations.FirstOrDefault());

    private static AttributeData? Find(ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(a => a.AttributeClass?.ToDisplayString() == name);

    private static bool Has(AttributeData attribute, string name) => attribute.NamedArguments.Any(a => a.Key == name);

    private static T Named<T>(AttributeData attribute, string name, T fallback) =>
        attribute.NamedArguments.FirstOrDefault(a => a.Key == name).Value.Value is T value ? value : fallback;

    /// <summary><c>SentAt</c> becomes <c>sent_at</c>.</summary>
    private static string ProtoName(string property)
    {
        var name = new StringBuilder();
        for (var i = 0; i < property.Length; i++)
        {
            if (char.IsUpper(property[i]) && i > 0 && !char.IsUpper(property[i - 1]))
            {
                name.Append('_');
            }

            name.Append(char.ToLower(property[i], CultureInfo.InvariantCulture));
        }

        return name.ToString();
    }
}
