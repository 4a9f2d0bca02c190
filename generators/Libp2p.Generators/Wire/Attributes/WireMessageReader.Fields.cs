using System.Globalization;
using Libp2p.Generators.Diagnostics;
using Libp2p.Generators.Model;
using Libp2p.Generators.Wire.Model;
using Libp2p.Generators.Wire.Proto;
using Microsoft.CodeAnalysis;

namespace Libp2p.Generators.Wire.Attributes;

internal sealed partial class WireMessageReader
{
    private FieldModel? Field(IPropertySymbol property, AttributeData attribute)
    {
        var number = attribute.ConstructorArguments.Length > 0 && attribute.ConstructorArguments[0].Value is int value ? value : 0;
        if (!FieldNumbers.IsValid(number))
        {
            _diagnostics.Add(DiagnosticInfo.Create(
                WireDiagnostics.InvalidNumber, Location(property), property.Name, number.ToString(CultureInfo.InvariantCulture)));
            return null;
        }

        var type = property.Type;
        var isList = type is INamedTypeSymbol { Arity: 1 } named && named.ConstructedFrom.ToDisplayString() == "System.Collections.Generic.List<T>";
        var element = isList ? ((INamedTypeSymbol)type).TypeArguments[0] : type;
        var isNullable = !isList && type.NullableAnnotation == NullableAnnotation.Annotated;
        if (element is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable && !isList)
        {
            element = nullable.TypeArguments[0];
        }

        if (property.IsStatic || property.IsIndexer || property.GetMethod is null)
        {
            return Unfit(property, "it is static, an indexer, or cannot be read");
        }

        var canSet = property.SetMethod is { IsInitOnly: false };
        if (!canSet && !isList)
        {
            return Unfit(property, "decoding cannot set it; give it 'set'");
        }

        if (Kind(element, Named(attribute, "Encoding", 0)) is not { } kind)
        {
            return Unfit(
                property,
                $"'{element.ToDisplayString()}' {(Named(attribute, "Encoding", 0) != 0 ? "cannot be laid out so" : "is no type of the wire format")}; "
                + "there are int, uint, long, ulong, bool, float, double, string, ReadOnlyMemory<byte>, enums over int, other wire messages, and List<T> of these");
        }

        var oneof = Named<string?>(attribute, "Oneof", null);
        var presence = isList ? Presence.Repeated : isNullable || kind == FieldKind.Message ? Presence.Explicit : Presence.Implicit;
        if (oneof is not null && (presence != Presence.Explicit || !isNullable))
        {
            return Unfit(property, "the fields of a oneof are nullable and no lists");
        }

        if (kind == FieldKind.Message && !isList && !isNullable && element.NullableAnnotation == NullableAnnotation.NotAnnotated)
        {
            return Unfit(property, "a message can be absent; make it nullable");
        }

        CheckLimits(property, attribute, kind, isList);
        return new FieldModel(
            number,
            ProtoName(property.Name),
            ProtoNames.Json(ProtoName(property.Name)),
            property.Name,
            kind,
            presence,
            Reference(element, kind),
            isList && kind is not (FieldKind.String or FieldKind.Bytes or FieldKind.Message) && Named(attribute, "Packed", true),
            oneof,
            Named(attribute, "MaxLength", int.MaxValue),
            Named(attribute, "MaxCount", WireDefaults.Count),
            Comment: "",
            CanReplaceList: canSet);
    }

    private void CheckLimits(IPropertySymbol property, AttributeData attribute, FieldKind kind, bool isList)
    {
        var maxLength = Named(attribute, "MaxLength", int.MaxValue);
        var maxCount = Named(attribute, "MaxCount", WireDefaults.Count);
        if (Has(attribute, "MaxLength") && kind is not (FieldKind.String or FieldKind.Bytes or FieldKind.Message))
        {
            InvalidLimit(attribute, $"Field '{property.Name}' has no length: it is no string, bytes or message");
        }
        else if (maxLength <= 0)
        {
            InvalidLimit(attribute, $"MaxLength is 1 or more, not {maxLength}");
        }

        if (Has(attribute, "MaxCount") && !isList)
        {
            InvalidLimit(attribute, $"Field '{property.Name}' has no count: it is not repeated");
        }
        else if (maxCount <= 0)
        {
            InvalidLimit(attribute, $"MaxCount is 1 or more, not {maxCount}");
        }
    }

    /// <summary>The wire's type for one of C#; null where there is none.</summary>
    /// <param name="encoding">As <c>Libp2p.Wire.WireEncoding</c>: 0 varint, 1 zigzag, 2 fixed.</param>
    private static FieldKind? Kind(ITypeSymbol type, int encoding) => (type.SpecialType, encoding) switch
    {
        (SpecialType.System_Int32, 0) => FieldKind.Int32,
        (SpecialType.System_Int32, 1) => FieldKind.SInt32,
        (SpecialType.System_Int32, 2) => FieldKind.SFixed32,
        (SpecialType.System_Int64, 0) => FieldKind.Int64,
        (SpecialType.System_Int64, 1) => FieldKind.SInt64,
        (SpecialType.System_Int64, 2) => FieldKind.SFixed64,
        (SpecialType.System_UInt32, 0) => FieldKind.UInt32,
        (SpecialType.System_UInt32, 2) => FieldKind.Fixed32,
        (SpecialType.System_UInt64, 0) => FieldKind.UInt64,
        (SpecialType.System_UInt64, 2) => FieldKind.Fixed64,
        (_, not 0) => null,
        (SpecialType.System_Boolean, _) => FieldKind.Bool,
        (SpecialType.System_Single, _) => FieldKind.Float,
        (SpecialType.System_Double, _) => FieldKind.Double,
        (SpecialType.System_String, _) => FieldKind.String,
        _ when type.ToDisplayString() == "System.ReadOnlyMemory<byte>" => FieldKind.Bytes,
        _ when type is INamedTypeSymbol { EnumUnderlyingType.SpecialType: SpecialType.System_Int32 } => FieldKind.Enum,
        _ when type.TypeKind == TypeKind.Class && (Find(type, MessageAttribute) is not null || IsMessage(type)) => FieldKind.Message,
        _ => null,
    };

    /// <summary>A message of another project, whose codec was generated there.</summary>
    private static bool IsMessage(ITypeSymbol type) =>
        type.AllInterfaces.Any(static i => i.Arity == 1 && i.ConstructedFrom.ToDisplayString() == "Libp2p.Wire.IWireMessage<TSelf>");

    private static TypeReference? Reference(ITypeSymbol type, FieldKind kind) => kind is not (FieldKind.Enum or FieldKind.Message) ? null : new TypeReference(
        type.ToDisplayString(),
        type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
        kind == FieldKind.Enum,
        HasRequired: false,
        type.GetMembers().OfType<IFieldSymbol>()
            .Where(member => kind == FieldKind.Enum && member.HasConstantValue)
            .Select(static member => new EnumValueModel(member.Name, member.Name, (int)member.ConstantValue!, ""))
            .ToEquatableArray());

    private FieldModel? Unfit(IPropertySymbol property, string why)
    {
        _diagnostics.Add(DiagnosticInfo.Create(WireDiagnostics.UnfitProperty, Location(property), property.Name, why));
        return null;
    }
}
