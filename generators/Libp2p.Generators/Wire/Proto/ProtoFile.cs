using Libp2p.Generators.Model;

namespace Libp2p.Generators.Wire.Proto;

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
