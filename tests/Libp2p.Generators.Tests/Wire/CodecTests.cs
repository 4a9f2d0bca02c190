using System.Text;
using Libp2p.Wire;

namespace Libp2p.Generators.Tests.Wire;

/// <summary>What protobuf asks of codecs beyond plain fields, and what we ask of them beyond protobuf.</summary>
public class CodecTests
{
    [Fact]
    public void Submessages_in_pieces_merge_and_a_view_refuses_them()
    {
        var message = Convert.FromHexString("0A0208010A03120101");
        var envelope = Ours.Envelope.Parse(message);
        envelope.PublicKey!.Type.ShouldBe(Ours.KeyType.Ed25519);
        envelope.PublicKey.Data.ToArray().ShouldBe([1]);
        byte[] whole = Convert.FromHexString("0A050801120101");
        Ours.Envelope.Parse([.. whole, .. whole]).ToArray().ShouldBe(whole);
        Ours.Envelope.View.TryParse([.. whole, .. whole], out _, out var error).ShouldBeFalse();
        error.ShouldBe(WireError.SplitMessage);
    }

    [Fact]
    public void The_last_scalar_wins() => Ours.Published.Parse(Convert.FromHexString("0A01010A0102")).From.ToArray().ShouldBe([2]);

    [Fact]
    public void A_oneof_holds_one_field()
    {
        var message = new Ours.Three.All { Text = "a" };
        message.ChoiceCase.ShouldBe(Ours.Three.All.ChoiceOneofCase.Text);
        message.Number = 0;
        message.Text.ShouldBeNull();
        message.ChoiceCase.ShouldBe(Ours.Three.All.ChoiceOneofCase.Number);
        message.Raw = null;
        message.Number.ShouldBe(0u);
        message.ToArray().ShouldBe(Convert.FromHexString("E80300"));
    }

    [Fact]
    public void Fields_are_written_in_the_declared_order_on_request()
    {
        var message = new Ours.Backwards { Data = new byte[] { 7 }, Links = { "x" } };
        Convert.ToHexString(message.ToArray()).ShouldBe("120178" + "0A0107");
    }

    [Fact]
    public void Strings_that_are_declared_bytes_carry_anything()
    {
        var message = Ours.Ids.Parse(Convert.FromHexString("0A02FFFE1201FF"));
        message.MessageIds[0].ToArray().ShouldBe([0xFF, 0xFE]);
        message.Single.ToArray().ShouldBe([0xFF]);
        message.ToArray().ShouldBe(Convert.FromHexString("0A02FFFE1201FF"));
    }

    [Fact]
    public void Unknown_fields_are_kept_on_request_at_every_level()
    {
        // Unknown: field 9 as varint, field 10 as group, field 11 as bytes; inside and outside.
        var unknown = "4805" + "53080154" + "5A0161";
        var message = Convert.FromHexString("0801" + "120B" + "0802" + unknown + unknown);
        var keeper = Ours.Keeper.Parse(message);
        keeper.Inner!.Known.ShouldBe(2u);
        Convert.ToHexString(keeper.ToArray()).ShouldBe(Convert.ToHexString(message));
        keeper.Known = 3;
        Convert.ToHexString(keeper.ToArray()).ShouldBe("0803" + "120B" + "0802" + unknown + unknown);
    }

    [Fact]
    public void Absence_shows_where_the_schema_says_so()
    {
        var identify = Ours.Identify.Parse([]);
        identify.AgentVersion.ShouldBeNull();
        identify.PublicKey.ShouldBeNull();
        Ours.Identify.Parse(Convert.FromHexString("3200")).AgentVersion.ShouldBe("");
        new Ours.Identify { AgentVersion = "" }.ToArray().ShouldBe(Convert.FromHexString("3200"));
        new Ours.Published { Topic = "" }.ToArray().ShouldBeEmpty();
        Ours.Identify.View.Parse(Convert.FromHexString("3200")).HasAgentVersion.ShouldBeTrue();
        Ours.Identify.View.Parse([]).HasAgentVersion.ShouldBeFalse();
    }

    [Theory]
    [InlineData("0801")]
    [InlineData("120101")]
    [InlineData("")]
    public void Required_fields_are_required(string hex)
    {
        Ours.PublicKey.TryParse(Convert.FromHexString(hex), out _, out var error).ShouldBeFalse();
        error.ShouldBe(WireError.MissingRequiredField);
        Ours.PublicKey.View.TryParse(Convert.FromHexString(hex), out _, out error).ShouldBeFalse();
        error.ShouldBe(WireError.MissingRequiredField);
    }

    [Fact]
    public void Required_fields_are_written_even_when_zero() =>
        Convert.ToHexString(new Ours.PublicKey { Data = Array.Empty<byte>() }.ToArray()).ShouldBe("08001200");

    [Fact]
    public void A_view_of_a_peer_record_reads_what_the_record_owns()
    {
        var record = new Ours.PeerRecord
        {
            PeerId = new byte[] { 1, 2 },
            Seq = ulong.MaxValue,
            Addresses = { new() { Multiaddr = new byte[] { 4 } }, new() { Multiaddr = new byte[] { 5, 6 } } },
        };
        var view = Ours.PeerRecord.View.Parse(record.ToArray());
        view.PeerId.ToArray().ShouldBe([1, 2]);
        view.Seq.ShouldBe(ulong.MaxValue);
        view.Addresses.Count.ShouldBe(2);
        var addresses = new List<string>();
        foreach (var address in view.Addresses)
        {
            addresses.Add(Convert.ToHexString(address.Multiaddr));
        }

        addresses.ShouldBe(["04", "0506"]);
    }

    [Fact]
    public void A_view_of_scalars_reads_packed_and_single_ones_in_order()
    {
        // int32s = 33: single 1, packed 2 3, single 4; doubles in between.
        var message = Convert.FromHexString("880201" + "8A02020203" + "FA0108000000000000F03F" + "880204");
        var view = Ours.Three.All.View.Parse(message);
        view.Int32s.Count.ShouldBe(4);
        var values = new List<int>();
        foreach (var value in view.Int32s)
        {
            values.Add(value);
        }

        values.ShouldBe([1, 2, 3, 4]);
        Ours.Three.All.Parse(message).Int32s.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Names_that_collide_in_CSharp_give_way()
    {
        var needy = new Ours.Two.Needy { Name = "a", Type = Ours.Two.Needy.TypeKind.Fancy, Part = new Ours.Two.Needy.PartMessage { Id = 1 } };
        Ours.Two.Needy.Parse(needy.ToArray()).Type.ShouldBe(Ours.Two.Needy.TypeKind.Fancy);
        Ours.Two.Colour.DarkBlue.ShouldBe((Ours.Two.Colour)2);
    }

    [Fact]
    public void A_destination_that_is_too_short_is_refused_at_every_length()
    {
        var message = new Ours.Identify { AgentVersion = "agent", ListenAddrs = { new byte[] { 1, 2, 3 } }, Protocols = { "/a" } };
        for (var length = 0; length < message.GetSize(); length++)
        {
            Should.Throw<ArgumentException>(() => message.Write(new byte[length]));
        }

        message.Write(new byte[message.GetSize() + 5]).ShouldBe(message.GetSize());
    }

    [Fact]
    public void A_view_allocates_nothing()
    {
        var published = Sample();
        published.Length.ShouldBe(283);
        var identify = new Ours.Identify { AgentVersion = "agent", ListenAddrs = { new byte[] { 1, 2, 3 } }, Protocols = { "/a", "/b" } }.ToArray();
        Scan(published, identify);
        var sum = 0;
        Allocations.LeastOf(() => sum = Scan(published, identify)).ShouldBe(0);
        sum.ShouldBe(283 - 12 + 3 + 4);

        static int Scan(byte[] published, byte[] identify)
        {
            Ours.Published.View.TryParse(published, out var view, out _);
            var sum = view.From.Length + view.Data.Length + view.Seqno.Length + view.Topic.Length + view.Signature.Length + view.Key.Length;
            Ours.Identify.View.TryParse(identify, out var other, out _);
            foreach (var address in other.ListenAddrs)
            {
                sum += address.Length;
            }

            foreach (var protocol in other.Protocols)
            {
                sum += protocol.Length;
            }

            return sum;
        }
    }

    [Fact]
    public void Encoding_allocates_nothing()
    {
        var message = Ours.Published.Parse(Sample());
        var destination = new byte[512];
        message.Write(destination);
        Allocations.LeastOf(() =>
        {
            message.GetSize();
            message.Write(destination);
        }).ShouldBe(0);
    }

    /// <summary>A message as gossipsub publishes it, of 283 bytes.</summary>
    internal static byte[] Sample() => new Ours.Published
    {
        From = new byte[38],
        Data = new byte[94],
        Seqno = new byte[8],
        Topic = "news/technology/computing",
        Signature = new byte[64],
        Key = Encoding.ASCII.GetBytes(new string('k', 42)),
    }.ToArray();
}
