using System.Text;

namespace Libp2p.Generators.Wire.Proto;

/// <summary>How names of schemas become names of C#.</summary>
internal static class ProtoNames
{
    // What every emitted type has already.
    private static readonly HashSet<string> Taken =
    [
        "View", "Parse", "TryParse", "GetSize", "Write", "Merge", "Descriptor", "MaxSize", "MaxDepth",
        "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "Finalize", "ReferenceEquals",
    ];

    /// <summary><c>observed_addr</c> becomes <c>ObservedAddr</c>; capitals inside stay.</summary>
    public static string Pascal(string name)
    {
        var result = new StringBuilder();
        var capital = true;
        foreach (var c in name)
        {
            if (c == '_')
            {
                capital = true;
            }
            else
            {
                result.Append(capital ? char.ToUpperInvariant(c) : c);
                capital = false;
            }
        }

        return result.Length > 0 && !char.IsDigit(result[0]) ? result.ToString() : "_" + result;
    }

    /// <summary><c>observed_addr</c> becomes <c>observedAddr</c>; the rule of protobuf JSON.</summary>
    public static string Json(string name)
    {
        var result = new StringBuilder();
        var capital = false;
        foreach (var c in name)
        {
            if (c == '_')
            {
                capital = true;
            }
            else
            {
                result.Append(capital ? char.ToUpperInvariant(c) : c);
                capital = false;
            }
        }

        return result.ToString();
    }

    /// <summary>The private field behind a property.</summary>
    public static string Field(string property)
    {
        var name = "_" + char.ToLowerInvariant(property[0]) + property.Substring(1);
        return name is "_message" or "_has" or "_met" or "_unknown" ? name + "Field" : name;
    }

    /// <summary>The private field that counts the elements of a repeated field of a view.</summary>
    public static string Count(string property) => "_countOf" + property;

    public static string Property(string field, string message)
    {
        var name = Pascal(field);
        return Taken.Contains(name) || name == message ? name + "Value" : name;
    }

    /// <summary>The C# name of a type nested in <paramref name="container"/>: a property may not have the same.</summary>
    public static string Nested(string name, ProtoMessage container, string containerName, bool isEnum)
    {
        var pascal = Pascal(name);
        var collides = pascal == containerName || Taken.Contains(pascal) || container.Fields.Any(field => Property(field.Name, containerName) == pascal);
        return !collides ? pascal
            : !isEnum ? pascal + "Message"
            : pascal.EndsWith("Kind", StringComparison.Ordinal) ? pascal + "Value" : pascal + "Kind";
    }

    /// <summary><c>TYPE_RESERVE_OK</c> of an enumeration <c>Type</c> becomes <c>ReserveOk</c>.</summary>
    public static string EnumValue(string name, string enumeration)
    {
        var prefix = string.Concat(enumeration.SelectMany(static (c, i) => i > 0 && char.IsUpper(c) ? new[] { '_', c } : [c])).ToUpperInvariant() + "_";
        if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && name.Length > prefix.Length && char.IsLetter(name[prefix.Length]))
        {
            name = name.Substring(prefix.Length);
        }

        return Pascal(name.Any(char.IsLower) ? name : name.ToLowerInvariant());
    }
}
