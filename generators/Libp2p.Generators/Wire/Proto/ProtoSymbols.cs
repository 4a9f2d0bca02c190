using Libp2p.Generators.Model;
using Libp2p.Generators.Wire.Model;

namespace Libp2p.Generators.Wire.Proto;

/// <summary>Every type of every schema of the project, so that one file can use the types of another.</summary>
internal sealed record ProtoSymbols(EquatableArray<ProtoSymbol> Types, EquatableArray<string> Paths)
{
    public static ProtoSymbols From(IEnumerable<ProtoFile> files)
    {
        var found = new List<(ProtoSymbol Symbol, ProtoMessage? Message)>();
        foreach (var file in files.OrderBy(static file => file.Input.Path, StringComparer.Ordinal))
        {
            var space = NamespaceOf(file);
            foreach (var message in file.Messages)
            {
                AddMessage(found, file, message, $"global::{space}.{ProtoNames.Pascal(message.Name)}", ProtoNames.Pascal(message.Name));
            }

            foreach (var enumeration in file.Enums)
            {
                AddEnum(found, file, enumeration, $"global::{space}.{ProtoNames.Pascal(enumeration.Name)}");
            }
        }

        var types = found.Select(static pair => pair.Symbol).ToArray();
        var required = new HashSet<string>(found
            .Where(static pair => pair.Message?.Fields.Any(static f => f.Label == ProtoLabel.Required) == true)
            .Select(static pair => pair.Symbol.Type.ProtoName));
        var lookup = new Dictionary<string, TypeReference>();
        foreach (var type in types)
        {
            lookup[type.Type.ProtoName] = type.Type;
        }

        // Containing a message with required fields means having them: repeat until nothing is added.
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var (symbol, message) in found)
            {
                if (message is null || required.Contains(symbol.Type.ProtoName))
                {
                    continue;
                }

                if (message.Fields.Any(f => Find(lookup, message.FullName, f.TypeName) is { } target && required.Contains(target.ProtoName)))
                {
                    grown |= required.Add(symbol.Type.ProtoName);
                }
            }
        }

        return new ProtoSymbols(
            types.Select(symbol => symbol with { Type = symbol.Type with { HasRequired = required.Contains(symbol.Type.ProtoName) } }).ToEquatableArray(),
            files.Select(static file => file.Input.Path.Replace('\\', '/')).OrderBy(static path => path, StringComparer.Ordinal).ToEquatableArray());
    }

    public static string NamespaceOf(ProtoFile file) =>
        file.Input.Namespace.Length > 0 ? file.Input.Namespace
        : file.CSharpNamespace.Length > 0 ? file.CSharpNamespace
        : file.Input.DefaultNamespace;

    /// <summary>Looks a name up as protobuf does: from the innermost scope outwards, or from the root when it begins with a dot.</summary>
    public static TypeReference? Find(IReadOnlyDictionary<string, TypeReference> types, string scope, string name)
    {
        if (name.StartsWith(".", StringComparison.Ordinal))
        {
            return types.TryGetValue(name.Substring(1), out var rooted) ? rooted : null;
        }

        while (true)
        {
            if (types.TryGetValue(scope.Length == 0 ? name : scope + "." + name, out var found))
            {
                return found;
            }

            if (scope.Length == 0)
            {
                return null;
            }

            var dot = scope.LastIndexOf('.');
            scope = dot < 0 ? "" : scope.Substring(0, dot);
        }
    }

    private static void AddMessage(List<(ProtoSymbol Symbol, ProtoMessage? Message)> found, ProtoFile file, ProtoMessage message, string csharp, string name)
    {
        found.Add((new ProtoSymbol(new TypeReference(message.FullName, csharp, IsEnum: false, HasRequired: false, default), file.Input.Path), message));
        foreach (var nested in message.Messages)
        {
            var nestedName = ProtoNames.Nested(nested.Name, message, name, isEnum: false);
            AddMessage(found, file, nested, $"{csharp}.{nestedName}", nestedName);
        }

        foreach (var nested in message.Enums)
        {
            AddEnum(found, file, nested, $"{csharp}.{ProtoNames.Nested(nested.Name, message, name, isEnum: true)}");
        }
    }

    private static void AddEnum(List<(ProtoSymbol Symbol, ProtoMessage? Message)> found, ProtoFile file, ProtoEnum enumeration, string csharp) =>
        found.Add((new ProtoSymbol(new TypeReference(enumeration.FullName, csharp, IsEnum: true, HasRequired: false, Values(enumeration)), file.Input.Path), null));

    public static EquatableArray<EnumValueModel> Values(ProtoEnum enumeration)
    {
        var names = enumeration.Values.Select(value => ProtoNames.EnumValue(value.Name, enumeration.Name)).ToArray();
        var unique = names.Distinct().Count() == names.Length;
        return enumeration.Values
            .Select((value, i) => new EnumValueModel(value.Name, unique ? names[i] : value.Name, value.Number, value.Comment))
            .ToEquatableArray();
    }
}

/// <summary>A type and the file that defines it.</summary>
internal sealed record ProtoSymbol(TypeReference Type, string Path);
