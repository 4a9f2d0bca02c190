using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Libp2p.Hosting.Plugins;

/// <summary>What a plugin says of itself, read from its metadata without loading it.</summary>
internal sealed record PluginManifest(string Name, string EntryType, int AbiVersion, string? Description, string? Protocols, string AssemblyVersion)
{
    /// <summary>Reads the manifest of an assembly; null where it has none.</summary>
    /// <exception cref="BadImageFormatException">Not a .NET assembly.</exception>
    public static PluginManifest? Read(string assemblyPath)
    {
        using var stream = new FileStream(assemblyPath, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        using var image = new PEReader(stream);
        if (!image.HasMetadata) throw new BadImageFormatException("not a .NET assembly", assemblyPath);
        var metadata = image.GetMetadataReader();
        if (!metadata.IsAssembly) throw new BadImageFormatException("not a .NET assembly", assemblyPath);
        var assembly = metadata.GetAssemblyDefinition();
        PluginManifest? manifest = null;
        var version = assembly.Version.ToString(3);
        foreach (var handle in assembly.GetCustomAttributes())
        {
            var attribute = metadata.GetCustomAttribute(handle);
            switch (NameOf(metadata, attribute))
            {
                case ("Libp2p", nameof(PluginManifestAttribute)):
                    var value = attribute.DecodeValue(Decoder.Instance);
                    var named = value.NamedArguments.ToDictionary(a => a.Name!, a => a.Value);
                    manifest = new PluginManifest(
                        (string)value.FixedArguments[0].Value!,
                        (string)value.FixedArguments[1].Value!,
                        (int)value.FixedArguments[2].Value!,
                        named.GetValueOrDefault(nameof(PluginManifestAttribute.Description)) as string,
                        named.GetValueOrDefault(nameof(PluginManifestAttribute.Protocols)) as string,
                        version);
                    break;
                case ("System.Reflection", nameof(System.Reflection.AssemblyInformationalVersionAttribute)):
                    version = ((string?)attribute.DecodeValue(Decoder.Instance).FixedArguments[0].Value)?.Split('+')[0] ?? version;
                    break;
            }
        }

        return manifest is null ? null : manifest with { AssemblyVersion = version };
    }

    private static (string Namespace, string Name) NameOf(MetadataReader metadata, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference) return default;
        var parent = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
        if (parent.Kind != HandleKind.TypeReference) return default;
        var type = metadata.GetTypeReference((TypeReferenceHandle)parent);
        return (metadata.GetString(type.Namespace), metadata.GetString(type.Name));
    }

    /// <summary>The manifest holds strings and numbers only, so types need no more than a name.</summary>
    private sealed class Decoder : ICustomAttributeTypeProvider<string>
    {
        public static Decoder Instance { get; } = new();

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetSystemType() => "System.Type";

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => reader.GetString(reader.GetTypeDefinition(handle).Name);

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => reader.GetString(reader.GetTypeReference(handle).Name);

        public string GetTypeFromSerializedName(string name) => name;

        public PrimitiveTypeCode GetUnderlyingEnumType(string type) => PrimitiveTypeCode.Int32;

        public bool IsSystemType(string type) => type == "System.Type";
    }
}
