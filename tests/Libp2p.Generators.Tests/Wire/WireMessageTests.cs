using System.Text;
using Libp2p.Wire;

namespace Libp2p.Generators.Tests.Wire;

/// <summary>Messages declared in C#: the same codec as from a schema.</summary>
public class WireMessageTests
{
    [Fact]
    public void The_same_bytes_as_the_schema_gives()
    {
        var own = new Chat
        {
            Author = "ann",
            Sent = -5,
            Room = 7,
            Body = "hello"u8.ToArray(),
            Tags = { "a", "b" },
            Marks = [1, -1, 300],
            Mood = Mood.Glad,
            Reply = new Chat { Author = "bob" },
            Fine = true,
        };
        var hex = Convert.ToHexString(own.ToArray());
        hex.ShouldBe("0A03616E6E" + "1009" + "1D07000000" + "220568656C6C6F" + "2A0161" + "2A0162" + "320D01FFFFFFFFFFFFFFFFFF01AC02" + "3802" + "42050A03626F62" + "4801");
        var back = Chat.Parse(own.ToArray());
        back.Author.ShouldBe("ann");
        back.Sent.ShouldBe(-5);
        back.Room.ShouldBe(7u);
        back.Body.ToArray().ShouldBe("hello"u8.ToArray());
        back.Tags.ShouldBe(["a", "b"]);
        back.Marks.ShouldBe([1, -1, 300]);
        back.Mood.ShouldBe(Mood.Glad);
        back.Reply!.Author.ShouldBe("bob");
        back.Fine.ShouldBe(true);
    }

    [Fact]
    public void A_view_reads_the_same()
    {
        var message = new Chat { Author = "ann", Tags = { "a", "bc" }, Marks = [1, -1, 300], Reply = new Chat { Mood = Mood.Sad, Fine = false } }.ToArray();
        var view = Chat.View.Parse(message);
        Encoding.UTF8.GetString(view.Author).ShouldBe("ann");
        view.HasFine.ShouldBeFalse();
        view.Reply.HasFine.ShouldBeTrue();
        view.Reply.Fine.ShouldBeFalse();
        view.Reply.Mood.ShouldBe(Mood.Sad);
        var tags = new List<string>();
        foreach (var tag in view.Tags)
        {
            tags.Add(Encoding.UTF8.GetString(tag));
        }

        tags.ShouldBe(["a", "bc"]);
        var marks = new List<int>();
        foreach (var mark in view.Marks)
        {
            marks.Add(mark);
        }

        marks.ShouldBe([1, -1, 300]);
    }

    [Fact]
    public void Setting_one_of_a_oneof_by_decoding_clears_the_other()
    {
        byte[] both = [.. new Choice { Text = "a" }.ToArray(), .. new Choice { Number = 3 }.ToArray()];
        var choice = Choice.Parse(both);
        choice.Text.ShouldBeNull();
        choice.Number.ShouldBe(3);
        var view = Choice.View.Parse(both);
        view.HasText.ShouldBeFalse();
        view.Number.ShouldBe(3);
    }

    [Fact]
    public void Limits_of_attributes_hold()
    {
        Chat.TryParse(new Chat { Author = new string('a', 17) }.ToArray(), out _, out var error).ShouldBeFalse();
        error.ShouldBe(WireError.FieldTooLong);
        Chat.TryParse(new Chat { Tags = { "1", "2", "3", "4" } }.ToArray(), out _, out error).ShouldBeFalse();
        error.ShouldBe(WireError.TooManyElements);
    }

    [Fact]
    public void Its_schema_is_listed()
    {
        Ours.WireSchemas.All.ShouldContain(Chat.Descriptor);
        Ours.WireSchemas.All.ShouldContain(Ours.Two.All.NestedMessage.InnerMessage.Descriptor);
        Chat.Descriptor.FullName.ShouldBe("acme.Chat");
        Chat.Descriptor.Find(3)!.Kind.ShouldBe(WireFieldKind.Fixed32);
    }
}

internal enum Mood
{
    None,
    Sad,
    Glad,
}

[WireMessage("acme.Chat", MaxSize = 1000)]
internal sealed partial class Chat
{
    [WireField(1, MaxLength = 16)]
    public string Author { get; set; } = "";

    [WireField(2, Encoding = WireEncoding.ZigZag)]
    public long Sent { get; set; }

    [WireField(3, Encoding = WireEncoding.Fixed)]
    public uint Room { get; set; }

    [WireField(4)]
    public ReadOnlyMemory<byte> Body { get; set; }

    [WireField(5, MaxCount = 3)]
    public List<string> Tags { get; } = [];

    [WireField(6)]
    public List<int>? Marks { get; set; }

    [WireField(7)]
    public Mood Mood { get; set; }

    [WireField(8)]
    public Chat? Reply { get; set; }

    [WireField(9)]
    public bool? Fine { get; set; }

    public string NotOnTheWire { get; set; } = "";
}

[WireMessage]
internal sealed partial record Choice
{
    [WireField(1, Oneof = "choice")]
    public string? Text { get; set; }

    [WireField(2, Oneof = "choice")]
    public int? Number { get; set; }
}
