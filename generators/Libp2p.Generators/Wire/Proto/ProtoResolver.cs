using System.Globalization;
using Libp2p.Generators.Diagnostics;
using Libp2p.Generators.Model;
using Libp2p.Generators.Wire.Model;

namespace Libp2p.Generators.Wire.Proto;

/// <summary>Turns what a schema file says into what is emitted: names resolved, options read, mistakes reported.</summary>
internal sealed class ProtoResolver
{
    private readonly ProtoFile _file;
    private readonly ProtoSymbols _symbols;
    private readonly Dictionary<string, TypeReference> _types = [];
    private readonly string _namespace;
    private readonly List<DiagnosticInfo> _diagnostics;

    private ProtoResolver(ProtoFile file, ProtoSymbols symbols)
    {
        _file = file;
        _symbols = symbols;
        _namespace = ProtoSymbols.NamespaceOf(file);
        _diagnostics = [.. file.Diagnostics];
        foreach (var symbol in symbols.Types)
        {
            _types[symbol.Type.ProtoName] = symbol.Type;
        }
    }

    public static Result<SchemaModel> Resolve(ProtoFile file, ProtoSymbols symbols, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var resolver = new ProtoResolver(file, symbols);
        var model = resolver.Resolve();
        var failed = resolver._diagnostics.Any(static d => d.Descriptor.DefaultSeverity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error);
        return new Result<SchemaModel>(failed ? null : model, resolver._diagnostics.ToEquatableArray());
    }

    private SchemaModel Resolve()
    {
        foreach (var import in _file.Imports)
        {
            // Options of our own and the language's own files define nothing that fields here could use.
            if (!import.Path.StartsWith("libp2p/", StringComparison.Ordinal)
                && !import.Path.StartsWith("google/protobuf/", StringComparison.Ordinal)
                && !_symbols.Paths.Any(path => path.EndsWith("/" + import.Path, StringComparison.Ordinal) || path == import.Path))
            {
                _diagnostics.Add(DiagnosticInfo.Create(WireDiagnostics.ImportNotFound, import.Location, import.Path));
            }
        }

        return new SchemaModel(
            _namespace,
            _file.Input.Access,
            _file.Input.FileName,
            _file.Messages.Select(message => Message(message, null, null)).ToEquatableArray(),
            _file.Enums.Select(e => Enumeration(e, ProtoNames.Pascal(e.Name))).ToEquatableArray());
    }

    private MessageModel Message(ProtoMessage message, ProtoMessage? container, TypeDeclaration? outer)
    {
        CheckDuplicate(message.FullName, message.Location);
        var name = container is null ? ProtoNames.Pascal(message.Name) : ProtoNames.Nested(message.Name, container, outer!.Name, isEnum: false);
        var names = (outer?.Names ?? []).Append(name).ToArray();
        var type = new TypeDeclaration(_namespace, names.Select(static n => $"partial class {n}").ToEquatableArray(), names.ToEquatableArray());
        var maxSize = WireDefaults.MessageSize;
        var maxDepth = WireDefaults.Depth;
        var declaredOrder = false;
        var retainUnknown = false;
        foreach (var option in message.Options)
        {
            switch (option.Name)
            {
                case "(libp2p.max_size)":
                    maxSize = Limit(option, int.MaxValue);
                    break;
                case "(libp2p.max_depth)":
                    maxDepth = Limit(option, WireDefaults.Depth);
                    break;
                case "(libp2p.declared_order)":
                    declaredOrder = option.Value == "true";
                    break;
                case "(libp2p.retain_unknown)":
                    retainUnknown = option.Value == "true";
                    break;
                default:
                    CheckOption(option);
                    break;
            }
        }

        CheckFields(message);
        return new MessageModel(
            type,
            message.FullName,
            _file.Input.FileName,
            _file.Input.Access,
            Declares: true,
            message.Fields.Select(field => Field(field, message, name)).OfType<FieldModel>().ToEquatableArray(),
            message.Messages.Select(nested => Message(nested, message, type)).ToEquatableArray(),
            message.Enums.Select(nested => Enumeration(nested, ProtoNames.Nested(nested.Name, message, name, isEnum: true))).ToEquatableArray(),
            maxSize,
            maxDepth,
            declaredOrder,
            retainUnknown,
            message.Comment);
    }

    private FieldModel? Field(ProtoField field, ProtoMessage message, string name)
    {
        TypeReference? type = null;
        if (!Scalars.TryGetValue(field.TypeName, out var kind))
        {
            type = ProtoSymbols.Find(_types, message.FullName, field.TypeName);
            if (type is null)
            {
                _diagnostics.Add(DiagnosticInfo.Create(WireDiagnostics.UnknownType, field.TypeLocation, field.TypeName, field.Name));
                return null;
            }

            kind = type.IsEnum ? FieldKind.Enum : FieldKind.Message;
        }

        var presence = field.Label switch
        {
            ProtoLabel.Repeated => Presence.Repeated,
            ProtoLabel.Required => Presence.Required,
            ProtoLabel.Optional => Presence.Explicit,
            _ => field.Oneof is not null || kind == FieldKind.Message ? Presence.Explicit : Presence.Implicit,
        };
        var packable = presence == Presence.Repeated && kind is not (FieldKind.String or FieldKind.Bytes or FieldKind.Message);
        var packed = packable && _file.IsProto3;
        var maxLength = int.MaxValue;
        var maxCount = WireDefaults.Count;
        var comment = field.Comment;
        foreach (var option in field.Options)
        {
            switch (option.Name)
            {
                case "packed":
                    packed = packable && option.Value == "true";
                    break;
                case "default":
                    comment = (comment.Length > 0 ? comment.TrimEnd('.') + ". " : "") + $"Absent means {option.Value}.";
                    break;
                case "(libp2p.max_length)" when kind is FieldKind.String or FieldKind.Bytes or FieldKind.Message:
                    maxLength = Limit(option, int.MaxValue);
                    break;
                case "(libp2p.max_length)":
                    InvalidLimit(option, $"Field '{field.Name}' has no length: it is no string, bytes or message");
                    break;
                case "(libp2p.max_count)" when presence == Presence.Repeated:
                    maxCount = Limit(option, int.MaxValue);
                    break;
                case "(libp2p.max_count)":
                    InvalidLimit(option, $"Field '{field.Name}' has no count: it is not repeated");
                    break;
                case "(libp2p.as_bytes)" when kind is FieldKind.String:
                    kind = option.Value == "true" ? FieldKind.Bytes : kind;
                    break;
                case "(libp2p.as_bytes)":
                    InvalidLimit(option, $"Field '{field.Name}' is no string");
                    break;
                default:
                    CheckOption(option);
                    break;
            }
        }

        return new FieldModel(
            unchecked((int)field.Number),
            field.Name,
            ProtoNames.Json(field.Name),
            ProtoNames.Property(field.Name, name),
            kind,
            presence,
            type,
            packed,
            field.Oneof,
            maxLength,
            maxCount,
            comment,
            CanReplaceList: true);
    }

    private EnumModel Enumeration(ProtoEnum enumeration, string name)
    {
        CheckDuplicate(enumeration.FullName, enumeration.Location);
        return new EnumModel(name, enumeration.FullName, ProtoSymbols.Values(enumeration), enumeration.Comment);
    }

    private void CheckFields(ProtoMessage message)
    {
        var fields = message.Fields;
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (!FieldNumbers.IsValid(field.Number))
            {
                _diagnostics.Add(DiagnosticInfo.Create(
                    WireDiagnostics.InvalidNumber, field.Location, field.Name, field.Number.ToString(CultureInfo.InvariantCulture)));
            }

            var earlier = fields.Take(i).FirstOrDefault(f => f.Number == field.Number || ProtoNames.Pascal(f.Name) == ProtoNames.Pascal(field.Name));
            if (earlier is not null)
            {
                _diagnostics.Add(DiagnosticInfo.Create(
                    WireDiagnostics.DuplicateField, field.Location, field.Name, earlier.Number == field.Number ? "number" : "name", earlier.Name));
            }
        }

        if (fields.Count(static f => f.Label != ProtoLabel.Repeated) > 64)
        {
            _diagnostics.Add(DiagnosticInfo.Create(
                WireDiagnostics.Unsupported, message.Location, "A message of more than 64 fields that are not repeated", "put some into a submessage"));
        }
    }

    /// <summary>One proto name and one C# name a type: packages that differ may still meet in one namespace.</summary>
    private void CheckDuplicate(string fullName, LocationInfo location)
    {
        var csharp = _types[fullName].CSharpName;
        var places = _symbols.Types
            .Where(symbol => symbol.Type.ProtoName == fullName || symbol.Type.CSharpName == csharp)
            .ToArray();
        if (places.Length > 1)
        {
            var other = places.FirstOrDefault(place => place.Path != _file.Input.Path) ?? places[0];
            var name = other.Type.ProtoName == fullName ? fullName : csharp.Replace("global::", "");
            _diagnostics.Add(DiagnosticInfo.Create(WireDiagnostics.DuplicateType, location, name, Path.GetFileName(other.Path)));
        }
    }

    private void CheckOption(ProtoOption option)
    {
        if (option.Name.StartsWith("(libp2p.", StringComparison.Ordinal))
        {
            _diagnostics.Add(DiagnosticInfo.Create(WireDiagnostics.UnknownOption, option.Location, option.Name));
        }
    }

    private int Limit(ProtoOption option, int most)
    {
        if (int.TryParse(option.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 && limit <= most)
        {
            return limit;
        }

        InvalidLimit(option, $"{option.Name} is 1 to {most}, not {option.Value}");
        return most;
    }

    private void InvalidLimit(ProtoOption option, string why) =>
        _diagnostics.Add(DiagnosticInfo.Create(WireDiagnostics.InvalidLimit, option.Location, why));

    private static readonly Dictionary<string, FieldKind> Scalars = new()
    {
        ["double"] = FieldKind.Double,
        ["float"] = FieldKind.Float,
        ["int32"] = FieldKind.Int32,
        ["int64"] = FieldKind.Int64,
        ["uint32"] = FieldKind.UInt32,
        ["uint64"] = FieldKind.UInt64,
        ["sint32"] = FieldKind.SInt32,
        ["sint64"] = FieldKind.SInt64,
        ["fixed32"] = FieldKind.Fixed32,
        ["fixed64"] = FieldKind.Fixed64,
        ["sfixed32"] = FieldKind.SFixed32,
        ["sfixed64"] = FieldKind.SFixed64,
        ["bool"] = FieldKind.Bool,
        ["string"] = FieldKind.String,
        ["bytes"] = FieldKind.Bytes,
    };
}
