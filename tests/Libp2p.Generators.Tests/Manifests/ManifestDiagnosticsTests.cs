using Libp2p.Generators.Tests.Support;

namespace Libp2p.Generators.Tests.Manifests;

/// <summary>LP2P0200 to LP2P0299.</summary>
public class ManifestDiagnosticsTests
{
    private const string Body = " : IPlugin { public void ConfigureServices(IServiceCollection own, PluginContext host) { } public void Export(IServiceProvider own, IPluginExports exports) { }";

    [Fact]
    public void LP2P0200_not_a_plugin() => Reports("LP2P0200", "[Plugin(\"a\")] class [|Nothing|] { }");

    [Theory]
    [InlineData("")]
    [InlineData("Noise")]
    [InlineData("1noise")]
    [InlineData("two words")]
    [InlineData("a/b")]
    public void LP2P0201_invalid_name(string name) => Reports("LP2P0201", $"[Plugin([|\"{name}\"|])] public class Entry{Body} }}");

    [Fact]
    public void LP2P0202_several_in_an_assembly() => Reports("LP2P0202", $"[Plugin(\"a\")] public class First{Body} }} [Plugin(\"b\")] public class [|Second|]{Body} }}");

    [Theory]
    [InlineData("abstract class [|Entry|]", "}")]
    [InlineData("class [|Entry|]<T>", "}")]
    [InlineData("class [|Entry|]", "public Entry(int count) { } }")]
    [InlineData("class [|Entry|]", "private Entry() { } }")]
    public void LP2P0203_not_constructible(string head, string tail) => Reports("LP2P0203", $"[Plugin(\"a\")] public {head}{Body} {tail}");

    [Fact]
    public void Emits_nothing_when_something_was_reported() => GeneratorRun.Of(Source("[Plugin(\"a\")] class Nothing { }")).Files.ShouldBeEmpty();

    private static string Source(string code) => "using System; using Libp2p; using Microsoft.Extensions.DependencyInjection;\nnamespace Acme;\n" + code;

    private static void Reports(string id, string code)
    {
        var marked = new Marked(Source(code));
        marked.ShouldBeReported(GeneratorRun.Of(marked.Text), id);
    }
}
