using System.Text;

namespace Libp2p.Tests.Records.Keyed;

public class DhtRecordTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Records_of_go_are_read_with_and_without_the_fields_of_old()
    {
        var vectors = Vectors.Json("kad/go_records.json");
        foreach (var name in new[] { "record_hex", "record_signed_legacy_hex" })
        {
            var record = DhtRecord.FromProtobuf(vectors.Hex(name));

            record.Key.ToString().ShouldBe(vectors.Text("key_utf8"));
            Encoding.UTF8.GetString(record.Value.Span).ShouldBe(vectors.Text("value_utf8"));
            record.TimeReceived.ShouldBeNull();
        }
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        using var key = Seeds.Key(1);
        foreach (var time in new DateTimeOffset?[] { null, Now, Now.AddTicks(1) })
        {
            var record = new DhtRecord(RecordKey.OfPublicKey(key.PublicKey.PeerId), key.PublicKey.Protobuf) { TimeReceived = time };
            DhtRecord.FromProtobuf(record.ToProtobuf()).ShouldBe(record);
        }
    }

    [Fact]
    public void Every_prefix_is_refused_or_a_shorter_record()
    {
        var record = new DhtRecord(RecordKey.Create("a", "b"u8), "value"u8.ToArray()) { TimeReceived = Now };
        var bytes = record.ToProtobuf();
        for (var length = 0; length < bytes.Length; length++)
        {
            if (DhtRecord.TryFromProtobuf(bytes.AsSpan(0, length), out var read, out _)) read.ShouldNotBe(record);
        }
    }

    [Theory]
    [InlineData("")] // no key
    [InlineData("0a00")] // an empty one
    [InlineData("0a0161" + "2a0161")] // a time that is none
    [InlineData("0a0561")] // cut off
    public void What_is_no_record_is_refused(string hex) => DhtRecord.TryFromProtobuf(Convert.FromHexString(hex), out _, out _).ShouldBeFalse();

    [Fact]
    public void Too_long_ones_are_refused_both_ways()
    {
        var key = RecordKey.Create("a", "b"u8);
        Should.Throw<ArgumentException>(() => new DhtRecord(key, new byte[DhtRecord.MaxLength]).ToProtobuf());
        DhtRecord.TryFromProtobuf(new byte[DhtRecord.MaxLength + 1], out _, out _).ShouldBeFalse();
        RecordKey.TryParse(new byte[RecordKey.MaxLength + 1], out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("/pk/x", "pk", "x")]
    [InlineData("/a-b.c/x/y", "a-b.c", "x/y")]
    [InlineData("hello", "", "hello")]
    [InlineData("/x", "", "/x")]
    [InlineData("/x/", "", "/x/")]
    [InlineData("//x", "", "//x")]
    [InlineData("/a b/x", "", "/a b/x")]
    [InlineData("/é/x", "", "/é/x")]
    public void Keys_are_a_namespace_and_the_rest(string text, string expected, string rest)
    {
        var key = RecordKey.Parse(Encoding.UTF8.GetBytes(text));

        key.Namespace.ShouldBe(expected);
        Encoding.UTF8.GetString(key.Rest).ShouldBe(rest);
        Encoding.UTF8.GetString(key.Bytes).ShouldBe(text);
        if (expected.Length > 0) RecordKey.Create(expected, Encoding.UTF8.GetBytes(rest)).ShouldBe(key);
    }

    [Fact]
    public void Keys_show_peers_as_peer_ids_and_what_is_no_text_in_hexadecimal()
    {
        using var key = Seeds.Key(1);
        RecordKey.OfName(key.PublicKey.PeerId).ToString().ShouldBe($"/ipns/{key.PublicKey.PeerId}");
        RecordKey.Create("x", [1, 2]).ToString().ShouldBe("/x/0102");
        Should.Throw<ArgumentException>(() => RecordKey.Create("a/b", "x"u8));
        Should.Throw<ArgumentException>(() => RecordKey.Create("a", default));
    }
}
