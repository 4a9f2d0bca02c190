using Libp2p.Generators.Model;

namespace Libp2p.Generators.Wire.Proto;

/// <summary>A schema file handed to the compiler, as values.</summary>
/// <param name="Namespace">The item's own namespace, or empty.</param>
/// <param name="DefaultNamespace">Where neither the item nor the file says one.</param>
/// <param name="Access"><c>internal</c> or <c>public</c>.</param>
internal sealed record ProtoInput(string Path, string Text, string Namespace, string DefaultNamespace, string Access)
{
    public string FileName => System.IO.Path.GetFileName(Path);
}

/// <summary>What a schema file says, before names are resolved.</summary>
internal sealed record ProtoFile(
    ProtoInput Input,
    string Package,
    bool IsProto3,
    string CSharpNamespace,
    EquatableArray<ProtoImport> Imports,
    EquatableArray<ProtoMessage> Messages,
    EquatableArray<ProtoEnum> Enums,
    EquatableArray<DiagnosticInfo> Diagnostics);

internal sealed record ProtoImport(string Path, LocationInfo Location);

internal sealed record ProtoMessage(
    string Name,
    string FullName,
    string Comment,
    LocationInfo Location,
    EquatableArray<ProtoField> Fields,
    EquatableArray<ProtoMessage> Messages,
    EquatableArray<ProtoEnum> Enums,
    EquatableArray<ProtoOption> Options);

internal sealed record ProtoField(
    string Name,
    long Number,
    string TypeName,
    ProtoLabel Label,
    string? Oneof,
    string Comment,
    EquatableArray<ProtoOption> Options,
    LocationInfo Location,
    LocationInfo TypeLocation);

internal enum ProtoLabel
{
    None,
    Optional,
    Required,
    Repeated,
}

internal sealed record ProtoEnum(string Name, string FullName, string Comment, LocationInfo Location, EquatableArray<ProtoEnumValue> Values);

internal sealed record ProtoEnumValue(string Name, int Number, string Comment);

/// <summary><c>name = value</c>; an extension's name keeps its parentheses.</summary>
internal sealed record ProtoOption(string Name, string Value, LocationInfo Location);
