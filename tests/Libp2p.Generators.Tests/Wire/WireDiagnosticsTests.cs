using Libp2p.Generators.Tests.Support;
using Microsoft.CodeAnalysis;

namespace Libp2p.Generators.Tests.Wire;

/// <summary>LP2P0100 to LP2P0199: at the schema's own line, or the property's.</summary>
public class WireDiagnosticsTests
{
    [Theory]
    [InlineData("message M { string a [|1|]; }")]
    [InlineData("message M { string a = [|x|]; }")]
    [InlineData("message M { string a = 1 [|}|]")]
    [InlineData("message M { [|required|]; }", true)]
    [InlineData("message M {\n  string a = 1;\n[||]", false)]
    [InlineData("message M { required string [|a|] = 1; }")]
    [InlineData("enum [|E|] { }")]
    [InlineData("[|nonsense|]")]
    public void LP2P0100_syntax(string schema, bool skip = false)
    {
        if (skip)
        {
            schema = "message M { required [|;|] }";
        }

        if (schema.EndsWith("[||]", StringComparison.Ordinal))
        {
            GeneratorRun.Of("", new SchemaFile("/src/a.proto", Proto3(schema.Replace("[||]", "")))).Reported.ShouldHaveSingleItem().Id.ShouldBe("LP2P0100");
            return;
        }

        Schema("LP2P0100", schema);
    }

    [Fact]
    public void LP2P0100_a_label_is_needed_in_proto2() =>
        Reports("LP2P0100", "syntax = \"proto2\";\nmessage M { string [|a|] = 1; }");

    [Fact]
    public void LP2P0101_a_map() => Schema("LP2P0101", "message M { [|map|]<string, int32> a = 1; }");

    [Fact]
    public void LP2P0101_a_group() => Reports("LP2P0101", "syntax = \"proto2\";\nmessage M { optional [|group|] G = 1 { optional int32 a = 1; } }");

    [Fact]
    public void LP2P0101_an_edition() => Reports("LP2P0101", "[|edition|] = \"2023\";");

    [Fact]
    public void LP2P0102_an_import_of_another_project() =>
        Reports("LP2P0102", "syntax = \"proto3\";\nimport [|\"elsewhere.proto\"|];", DiagnosticSeverity.Warning);

    [Fact]
    public void LP2P0103_an_unknown_type() => Schema("LP2P0103", "message M { [|Elsewhere|] a = 1; }");

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("19000")]
    [InlineData("536870912")]
    public void LP2P0104_an_invalid_number(string number) => Schema("LP2P0104", $"message M {{ string [|a|] = {number}; }}");

    [Fact]
    public void LP2P0105_a_number_twice() => Schema("LP2P0105", "message M { string a = 1; string [|b|] = 1; }");

    [Fact]
    public void LP2P0105_a_name_twice() => Schema("LP2P0105", "message M { string a_b = 1; string [|aB|] = 2; }");

    [Fact]
    public void LP2P0106_the_same_type_in_two_files()
    {
        var run = GeneratorRun.Of(
            "",
            new SchemaFile("/src/a.proto", "syntax = \"proto3\"; package p; message M { }"),
            new SchemaFile("/src/b.proto", "syntax = \"proto3\"; package p; message M { }"));
        run.Reported.Select(d => d.Id).ShouldBe(["LP2P0106", "LP2P0106"]);
        run.Reported.Select(d => d.GetMessage()).ShouldContain("'p.M' is also defined in a.proto");
        run.Files.ShouldBeEmpty();
    }

    [Fact]
    public void LP2P0106_packages_that_meet_in_one_namespace() => GeneratorRun.Of(
        "",
        new SchemaFile("/src/a.proto", "syntax = \"proto3\"; package p; message M { }"),
        new SchemaFile("/src/b.proto", "syntax = \"proto3\"; package q; message M { }")).Reported.ShouldAllBe(d => d.Id == "LP2P0106");

    [Theory]
    [InlineData("message M { int32 a = 1 [[|(|]libp2p.max_length) = 5]; }")]
    [InlineData("message M { string a = 1 [[|(|]libp2p.max_count) = 5]; }")]
    [InlineData("message M { bytes a = 1 [[|(|]libp2p.as_bytes) = true]; }")]
    [InlineData("message M { string a = 1 [[|(|]libp2p.max_length) = 0]; }")]
    [InlineData("message M { option [|(|]libp2p.max_depth) = 101; }")]
    public void LP2P0107_a_limit_that_does_not_fit(string schema) => Schema("LP2P0107", schema);

    [Fact]
    public void LP2P0108_an_unknown_option() => Schema("LP2P0108", "message M { string a = 1 [deprecated = true, [|(|]libp2p.max_lenght) = 5]; }");

    [Fact]
    public void LP2P0120_not_partial() => Code("LP2P0120", "[WireMessage] class [|M|] { [WireField(1)] public int A { get; set; } }");

    [Theory]
    [InlineData("abstract partial class [|M|] { }")]
    [InlineData("static partial class [|M|] { }")]
    [InlineData("partial class [|M|]<T> { }")]
    [InlineData("partial class [|M|](int a) { public int A => a; }")]
    [InlineData("partial record [|M|](int A);")]
    [InlineData("partial class [|M|] { public required string Name { get; set; } }")]
    public void LP2P0121_unfit_types(string code) => Code("LP2P0121", $"[WireMessage] {code}");

    [Theory]
    [InlineData("[WireField(1)] public decimal [|A|] { get; set; }")]
    [InlineData("[WireField(1)] public int [|A|] { get; }")]
    [InlineData("[WireField(1)] public int [|A|] { get; init; }")]
    [InlineData("[WireField(1)] public static int [|A|] { get; set; }")]
    [InlineData("[WireField(1, Encoding = WireEncoding.ZigZag)] public uint [|A|] { get; set; }")]
    [InlineData("[WireField(1, Encoding = WireEncoding.Fixed)] public string [|A|] { get; set; } = \"\";")]
    [InlineData("[WireField(1, Oneof = \"o\")] public int [|A|] { get; set; }")]
    [InlineData("[WireField(1)] public M [|A|] { get; set; } = null!;")]
    [InlineData("[WireField(1)] public int[] [|A|] { get; set; } = [];")]
    public void LP2P0122_unfit_properties(string property) => Code("LP2P0122", $"[WireMessage] partial class M {{ {property} }}");

    [Fact]
    public void LP2P0123_a_field_outside_of_a_message() => Code("LP2P0123", "class M { [WireField(1)] public int [|A|] { get; set; } }");

    [Fact]
    public void LP2P0104_and_0105_hold_for_properties_too()
    {
        Code("LP2P0104", "[WireMessage] partial class M { [WireField(0)] public int [|A|] { get; set; } }");
        Code("LP2P0105", "[WireMessage] partial class M { [WireField(1)] public int A { get; set; } [WireField(1)] public int [|B|] { get; set; } }");
    }

    [Theory]
    [InlineData("[[|WireField(1, MaxLength = 4)|]] public int A { get; set; }")]
    [InlineData("[[|WireField(1, MaxCount = 4)|]] public int A { get; set; }")]
    [InlineData("[[|WireField(1, MaxLength = 0)|]] public string A { get; set; } = \"\";")]
    public void LP2P0107_holds_for_properties_too(string property) => Code("LP2P0107", $"[WireMessage] partial class M {{ {property} }}");

    private static string Proto3(string schema) => "syntax = \"proto3\";\npackage p;\n\n" + schema;

    private static void Schema(string id, string schema) => Reports(id, Proto3(schema));

    private static void Reports(string id, string schema, DiagnosticSeverity severity = DiagnosticSeverity.Error)
    {
        var marked = new Marked(schema);
        var run = GeneratorRun.Of("", new SchemaFile("/src/schema.proto", marked.Text));
        marked.ShouldBeReported(run, id, severity);
        run.Reported.Single().Location.GetLineSpan().Path.ShouldBe("/src/schema.proto");
        run.Files.ShouldBeEmpty();
    }

    private static void Code(string id, string code)
    {
        var marked = new Marked("using System; using System.Collections.Generic; using Libp2p.Wire;\nnamespace Acme;\n" + code);
        var run = GeneratorRun.Of(marked.Text);
        marked.ShouldBeReported(run, id);
        run.Files.ShouldBeEmpty();
    }
}
