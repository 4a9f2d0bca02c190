using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Libp2p.Generators.Manifests;
using Libp2p.Generators.Tests.Support;
using Microsoft.CodeAnalysis;

namespace Libp2p.Generators.Tests.Manifests;

public class ManifestTests
{
    private const string Source =
        """
        using System; using System.Threading; using System.Threading.Tasks; using Libp2p; using Microsoft.Extensions.DependencyInjection;
        namespace Acme;

        [Plugin("acme-ping", Description = "Says \"ping\".")]
        public sealed class PingPlugin : IPlugin
        {
            public void ConfigureServices(IServiceCollection own, PluginContext host) { }
            public void Export(IServiceProvider own, IPluginExports exports) { }
        }

        [Protocol("/acme/ping/1.0.0")]
        internal sealed partial class PingHandler : IProtocolHandler
        {
            public ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken) => default;
        }

        internal abstract class PingService : IPingService, IDisposable
        {
            public abstract System.Collections.Generic.IAsyncEnumerable<TimeSpan> PingAsync(IConnection connection, CancellationToken cancellationToken = default);
            public void Dispose() { }
        }
        """;

    [Fact]
    public void Snapshot_of_a_manifest() => Snapshot.Match(GeneratorRun.Of(Source).File("PluginManifest.g.cs"), "PluginManifest");

    [Fact]
    public void Can_be_read_without_loading_the_assembly()
    {
        var run = GeneratorRun.Of(Source);
        run.Problems.ShouldBeEmpty();
        using var image = new MemoryStream();
        run.Output.Emit(image).Success.ShouldBeTrue();
        image.Position = 0;
        using var file = new PEReader(image);
        var reader = file.GetMetadataReader();
        var attribute = reader.GetAssemblyDefinition().GetCustomAttributes().Select(reader.GetCustomAttribute).Single(a => TypeName(reader, a) == "PluginManifestAttribute");
        var value = attribute.DecodeValue(new Names());
        value.FixedArguments.Select(argument => argument.Value).ShouldBe(["acme-ping", "Acme.PingPlugin", PluginAbi.Version]);
        value.NamedArguments.ToDictionary(argument => argument.Name!, argument => argument.Value).ShouldBe(
            new Dictionary<string, object?>
            {
                ["Version"] = "1.2.3",
                ["Description"] = "Says \"ping\".",
                ["Roles"] = "IPingService IProtocolHandler",
                ["Protocols"] = "/acme/ping/1.0.0",
                ["OptionsSection"] = "Libp2p:Plugins:acme-ping",
            },
            ignoreOrder: true);
    }

    [Fact]
    public void Unrelated_edits_recompute_nothing()
    {
        var second = GeneratorRun.Of(Source).WithAnother("class Unrelated : System.IDisposable { public void Dispose() { } }");
        second.Reasons(ManifestGenerator.ModelStep).ShouldAllBe(reason => reason == IncrementalStepRunReason.Unchanged || reason == IncrementalStepRunReason.Cached);
        second.OutputReasons.ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void A_nested_entry_point_is_named_as_metadata_does() =>
        GeneratorRun.Of(Source.Replace("[Plugin(", "public partial class Outer { [Plugin(").Replace("exports) { }\n}", "exports) { }\n} }"))
            .File("PluginManifest.g.cs").ShouldContain("\"Acme.Outer+PingPlugin\"");

    private static string TypeName(MetadataReader reader, CustomAttribute attribute)
    {
        var constructor = reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor);
        var type = reader.GetTypeReference((TypeReferenceHandle)constructor.Parent);
        return reader.GetString(type.Name);
    }

    private sealed class Names : ICustomAttributeTypeProvider<string>
    {
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetSystemType() => "Type";

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => "";

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => "";

        public string GetTypeFromSerializedName(string name) => name;

        public PrimitiveTypeCode GetUnderlyingEnumType(string type) => PrimitiveTypeCode.Int32;

        public bool IsSystemType(string type) => false;
    }
}
