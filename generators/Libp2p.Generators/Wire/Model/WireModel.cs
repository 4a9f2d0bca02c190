using Libp2p.Generators.Model;

namespace Libp2p.Generators.Wire.Model;

/// <summary>The types of the protobuf language, named as <c>Libp2p.Wire.WireFieldKind</c> names them.</summary>
internal enum FieldKind
{
    Double,
    Float,
    Int32,
    Int64,
    UInt32,
    UInt64,
    SInt32,
    SInt64,
    Fixed32,
    Fixed64,
    SFixed32,
    SFixed64,
    Bool,
    String,
    Bytes,
    Enum,
    Message,
}

/// <summary>How often a field occurs, named as <c>Libp2p.Wire.WirePresence</c> names it.</summary>
internal enum Presence
{
    Implicit,
    Explicit,
    Required,
    Repeated,
}

/// <summary>A message or an enumeration that a field refers to.</summary>
/// <param name="ProtoName">Full name in the schema.</param>
/// <param name="CSharpName">Fully qualified, with <c>global::</c>.</param>
/// <param name="IsEnum">An enumeration, or else a message.</param>
/// <param name="HasRequired">Whether the message or one inside it has required fields.</param>
/// <param name="Values">An enumeration's values.</param>
internal sealed record TypeReference(string ProtoName, string CSharpName, bool IsEnum, bool HasRequired, EquatableArray<EnumValueModel> Values);

internal sealed record EnumValueModel(string ProtoName, string CSharpName, int Number, string Comment);

internal sealed record EnumModel(string Name, string ProtoName, EquatableArray<EnumValueModel> Values, string Comment);

/// <summary>One field, the same whichever front end it came from.</summary>
internal sealed record FieldModel(
    int Number,
    string ProtoName,
    string JsonName,
    string Property,
    FieldKind Kind,
    Presence Presence,
    TypeReference? Type,
    bool Packed,
    string? Oneof,
    int MaxLength,
    int MaxCount,
    string Comment,
    bool CanReplaceList)
{
    public bool IsRepeated => Presence == Presence.Repeated;

    public bool IsLengthDelimited => Kind is FieldKind.String or FieldKind.Bytes or FieldKind.Message;

    public int WireType => Kind switch
    {
        FieldKind.Double or FieldKind.Fixed64 or FieldKind.SFixed64 => 1,
        FieldKind.Float or FieldKind.Fixed32 or FieldKind.SFixed32 => 5,
        FieldKind.String or FieldKind.Bytes or FieldKind.Message => 2,
        _ => 0,
    };

    /// <summary>The tag of a single value.</summary>
    public uint Tag => ((uint)Number << 3) | (uint)WireType;

    /// <summary>The tag of packed values.</summary>
    public uint PackedTag => ((uint)Number << 3) | 2;

    /// <summary>Bytes that either tag takes.</summary>
    public int TagSize => Number switch { < 1 << 4 => 1, < 1 << 11 => 2, < 1 << 18 => 3, < 1 << 25 => 4, _ => 5 };
}

/// <summary>One message with all that is nested in it.</summary>
/// <param name="Type">Where its code goes.</param>
/// <param name="Access"><c>internal</c> or <c>public</c>; empty when the user declares the type.</param>
/// <param name="Declares">Whether properties are emitted, or the user wrote them.</param>
internal sealed record MessageModel(
    TypeDeclaration Type,
    string FullName,
    string Source,
    string Access,
    bool Declares,
    EquatableArray<FieldModel> Fields,
    EquatableArray<MessageModel> Messages,
    EquatableArray<EnumModel> Enums,
    int MaxSize,
    int MaxDepth,
    bool DeclaredOrder,
    bool RetainUnknown,
    string Comment) : IEquatable<MessageModel>
{
    public string Name => Type.Name;

    public IEnumerable<FieldModel> WriteOrder => DeclaredOrder ? Fields : Fields.OrderBy(static f => f.Number);

    public IEnumerable<FieldModel> Required => Fields.Where(static f => f.Presence == Presence.Required);

    public bool HasRequired => Required.Any() || Fields.Any(static f => f.Type is { HasRequired: true });

    public IEnumerable<string> Oneofs => Fields.Select(static f => f.Oneof).OfType<string>().Distinct();

    /// <summary>This message and all inside it.</summary>
    public IEnumerable<MessageModel> All => new[] { this }.Concat(Messages.SelectMany(static message => message.All));
}

/// <summary>What one schema file emits.</summary>
internal sealed record SchemaModel(string Namespace, string Access, string Source, EquatableArray<MessageModel> Messages, EquatableArray<EnumModel> Enums);
