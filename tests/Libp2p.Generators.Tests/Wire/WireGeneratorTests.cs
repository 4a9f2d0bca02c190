using Libp2p.Generators.Tests.Support;
using Libp2p.Generators.Wire;
using Microsoft.CodeAnalysis;

namespace Libp2p.Generators.Tests.Wire;

public class WireGeneratorTests
{
    private static readonly SchemaFile Room = new(
        "/src/Wire/room.proto",
        """
        // A room of people.
        syntax = "proto3";

        package acme.room;

        import "people.proto";
        import "libp2p/wire.proto";

        message Room {
          option (libp2p.max_size) = 4096;

          // What it is called.
          string name = 1 [(libp2p.max_length) = 64];
          repeated acme.people.Person people = 2 [(libp2p.max_count) = 100]; // not a comment of the next field
          repeated sint32 scores = 3;
          optional fixed64 opened = 4;
          Kind kind = 5;

          oneof topic {
            string text = 6;
            bytes image = 7;
          }

          reserved 8, 9 to 11;

          enum Kind {
            KIND_OPEN = 0;
            KIND_BY_INVITATION = 1;
          }
        }
        """);

    private static readonly SchemaFile People = new(
        "/src/Wire/people.proto",
        """
        syntax = "proto2";
        package acme.people;
        message Person {
          required string name = 1;
          optional bytes key = 2;
        }
        enum Level { LEVEL_LOW = 0; }
        """);

    private const string Code =
        """
        using System; using System.Collections.Generic; using Libp2p.Wire;
        namespace Acme;

        [WireMessage("acme.Line", RetainUnknown = true)]
        public sealed partial record Line
        {
            [WireField(2, MaxLength = 10)] public string Text { get; set; } = "";
            [WireField(1)] public ReadOnlyMemory<byte>? Key { get; set; }
            [WireField(3, Packed = false)] public List<uint> Numbers { get; } = [];
        }
        """;

    [Fact]
    public void Snapshot_of_a_schema() => Snapshot.Match(GeneratorRun.Of("", Room, People).File("Acme.Plugin.Wire.Room.Wire.g.cs"), "Room.Wire");

    [Fact]
    public void Snapshot_of_a_type_with_attributes() => Snapshot.Match(GeneratorRun.Of(Code).File("Acme.Line.Wire.g.cs"), "Line.Wire");

    [Fact]
    public void Snapshot_of_the_registry() => Snapshot.Match(GeneratorRun.Of(Code, Room, People).File("WireSchemas.g.cs"), "WireSchemas");

    [Fact]
    public void Emitted_code_compiles_without_warnings()
    {
        var run = GeneratorRun.Of(Code, Room, People);
        run.Reported.ShouldBeEmpty();
        run.Problems.ShouldBeEmpty();
        run.Files.ShouldBe(
            ["Acme.Plugin.Wire.Room.Wire.g.cs", "Acme.Plugin.Wire.Person.Wire.g.cs", "Acme.Line.Wire.g.cs", "Acme.Plugin.Wire.Level.Wire.g.cs", "WireSchemas.g.cs"],
            ignoreOrder: true);
    }

    [Fact]
    public void Namespaces_and_access_come_from_the_item_then_the_file_then_the_project()
    {
        var run = GeneratorRun.Of("", Room with { Namespace = "Elsewhere" }, People with { Access = "Public", Text = People.Text + " option csharp_namespace = \"From.File\";" });
        run.Problems.ShouldBeEmpty();
        run.File("Elsewhere.Room.Wire.g.cs").ShouldContain("internal sealed partial class Room");
        run.File("From.File.Person.Wire.g.cs").ShouldContain("public sealed partial class Person");
    }

    [Fact]
    public void Unrelated_edits_recompute_nothing()
    {
        var second = GeneratorRun.Of(Code, Room, People).WithAnother("class Unrelated;");
        foreach (var step in new[] { WireGenerator.ParseStep, WireGenerator.ResolveStep, WireGenerator.MessagesStep, WireGenerator.EnumsStep, WireGenerator.RegistryStep })
        {
            second.Reasons(step).ShouldNotBeEmpty();
            second.Reasons(step).ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached || reason == IncrementalStepRunReason.Unchanged);
        }

        second.OutputReasons.ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void Edits_of_code_around_a_message_do_not_emit_it_again()
    {
        var second = GeneratorRun.Of(Code).WithSource("// moved\n" + Code + "\nclass Other;");
        second.Reasons(WireGenerator.MessagesStep).ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached || reason == IncrementalStepRunReason.Unchanged);
    }

    [Fact]
    public void An_edit_of_one_schema_emits_only_its_own_messages_again()
    {
        var second = GeneratorRun.Of("", Room, People).WithSchemas(Room, People with { Text = People.Text.Replace("bytes key = 2;", "bytes key = 2; optional bool here = 3;") });
        foreach (var step in new[] { WireGenerator.ParseStep, WireGenerator.ResolveStep, WireGenerator.MessagesStep })
        {
            var reasons = second.Reasons(step).ToList();
            reasons.Count.ShouldBe(2);
            reasons.Count(reason => reason == IncrementalStepRunReason.Modified).ShouldBe(1);
        }
    }

    [Fact]
    public void The_same_input_gives_the_same_text_whatever_the_order_of_files()
    {
        var one = GeneratorRun.Of(Code, Room, People);
        var two = GeneratorRun.Of(Code, People, Room);
        foreach (var file in one.Files)
        {
            two.File(file).ShouldBe(one.File(file));
        }
    }
}
