using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Libp2p.Architecture.Tests.Reading;

/// <summary>A use of a member of another assembly.</summary>
/// <param name="Caller">The outermost type whose code uses it.</param>
/// <param name="Type">The full name of the member's type.</param>
/// <param name="Member">The member; constructors are <c>.ctor</c>.</param>
/// <param name="Parameters">The types of its parameters; empty for a field.</param>
public sealed record Use(string Caller, string Type, string Member, ImmutableArray<string> Parameters)
{
    public override string ToString() => $"{Caller} uses {Type}.{Member}({string.Join(", ", Parameters)})";
}

/// <summary>A type that is visible outside its assembly.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Interfaces">The interfaces it names.</param>
public sealed record PublicType(string Name, ImmutableArray<string> Interfaces);

/// <summary>What an assembly says of itself, read from its metadata and its code; it is never loaded.</summary>
public sealed class AssemblyFacts
{
    private AssemblyFacts(string name) => Name = name;

    public string Name { get; }

    public required ImmutableArray<string> References { get; init; }

    public required ImmutableArray<Use> Uses { get; init; }

    public required ImmutableArray<PublicType> PublicTypes { get; init; }

    /// <summary>The methods of public interfaces that have a body.</summary>
    public required ImmutableArray<string> InterfaceBodies { get; init; }

    /// <summary>Reads an assembly beside the tests.</summary>
    public static AssemblyFacts Of(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        if (!File.Exists(path)) throw new InvalidOperationException($"{name}.dll is not built beside these tests: reference the project from Libp2p.Architecture.Tests.");
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        return new AssemblyFacts(name)
        {
            References = [.. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))],
            Uses = [.. reader.TypeDefinitions.SelectMany(handle => UsesOf(file, reader, handle)).Distinct()],
            PublicTypes = [.. reader.TypeDefinitions.Where(handle => IsPublic(reader, handle)).Select(handle => Describe(reader, handle))],
            InterfaceBodies = [.. reader.TypeDefinitions.Where(handle => IsPublic(reader, handle) && IsInterface(reader, handle)).SelectMany(handle => Bodies(reader, handle))],
        };
    }

    private static bool IsInterface(MetadataReader reader, TypeDefinitionHandle handle) => reader.GetTypeDefinition(handle).Attributes.HasFlag(TypeAttributes.Interface);

    private static bool IsPublic(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var visibility = type.Attributes & TypeAttributes.VisibilityMask;
        return visibility == TypeAttributes.Public || (visibility == TypeAttributes.NestedPublic && IsPublic(reader, type.GetDeclaringType()));
    }

    private static PublicType Describe(MetadataReader reader, TypeDefinitionHandle handle) => new(
        Names.Of(reader, handle),
        [.. reader.GetTypeDefinition(handle).GetInterfaceImplementations().Select(one => Names.Of(reader, reader.GetInterfaceImplementation(one).Interface))]);

    private static IEnumerable<string> Bodies(MetadataReader reader, TypeDefinitionHandle handle)
    {
        foreach (var method in reader.GetTypeDefinition(handle).GetMethods().Select(reader.GetMethodDefinition))
        {
            if (method.RelativeVirtualAddress != 0) yield return $"{Names.Of(reader, handle)}.{reader.GetString(method.Name)}";
        }
    }

    private static IEnumerable<Use> UsesOf(PEReader file, MetadataReader reader, TypeDefinitionHandle handle)
    {
        var caller = Names.Outermost(reader, handle);
        foreach (var method in reader.GetTypeDefinition(handle).GetMethods().Select(reader.GetMethodDefinition))
        {
            if (method.RelativeVirtualAddress == 0) continue;
            foreach (var token in Instructions.Members(file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() ?? []))
            {
                var member = MetadataTokens.EntityHandle(token);
                if (member.Kind == HandleKind.MethodSpecification) member = reader.GetMethodSpecification((MethodSpecificationHandle)member).Method;
                if (member.Kind != HandleKind.MemberReference) continue;
                var reference = reader.GetMemberReference((MemberReferenceHandle)member);
                yield return new Use(
                    caller,
                    Names.Of(reader, reference.Parent),
                    reader.GetString(reference.Name),
                    reference.GetKind() == MemberReferenceKind.Method ? reference.DecodeMethodSignature(new Names(), null).ParameterTypes : []);
            }
        }
    }
}
