using System.Text;

namespace Libp2p.Tests.Records.Ipns;

public class IpnsRecordTests
{
    private const string Path = "/ipfs/bafkqahtwgevxmmrao5uxi2bamjzg623fnyqhg2lhnzqxi5lsmuqhmmi";

    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<KeyType> Types => [.. Enum.GetValues<KeyType>()];

    [Fact]
    public void Public_vectors_have_the_verdicts_and_values_of_other_implementations()
    {
        var vectors = Vectors.Json("ipns/expected.json").EnumerateArray().ToArray();
        vectors.Length.ShouldBe(12);
        foreach (var vector in vectors)
        {
            var valid = IpnsRecord.TryOpen(PeerId.Parse(vector.Text("name")), Vectors.Bytes("ipns/" + vector.Text("file")), out var record, out var error);

            valid.ShouldBe(vector.Text("expect") == "valid", $"{vector.Text("file")}: {error}");
            if (valid && vector.GetProperty("value").GetString() is { } value) record!.ValueText.ShouldBe(value);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_record_of_every_key_type_opens_under_its_name_alone(KeyType type)
    {
        using var key = PrivateKey.Generate(type);
        using var other = Seeds.Key(1);
        foreach (var older in new[] { true, false })
        {
            var record = IpnsRecord.Create(key, Path, 7, Now.AddHours(1), TimeSpan.FromMinutes(2), older);
            var opened = IpnsRecord.Open(key.PublicKey.PeerId, record.Encoded.Span);

            (opened.ValueText, opened.Sequence, opened.ValidUntil, opened.TimeToLive).ShouldBe((Path, 7UL, Now.AddHours(1), TimeSpan.FromMinutes(2)));
            opened.Name.ShouldBe(key.PublicKey.PeerId);
            opened.Encoded.ToArray().ShouldBe(record.Encoded.ToArray());
            opened.IsValidAt(Now).ShouldBeTrue();
            opened.IsValidAt(Now.AddHours(2)).ShouldBeFalse();
            Should.Throw<RecordException>(() => IpnsRecord.Open(other.PublicKey.PeerId, record.Encoded.Span));
        }
    }

    [Fact]
    public void Row10_no_record_with_a_flipped_bit_tells_anything_else()
    {
        using var key = Seeds.Key(1);
        var name = key.PublicKey.PeerId;
        foreach (var older in new[] { true, false })
        {
            var record = IpnsRecord.Create(key, Path, 3, Now, withOlderForm: older);
            var bytes = record.Encoded.ToArray();
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));

                // The older signature is nobody's to rely on; whatever is told is what was signed.
                if (IpnsRecord.TryOpen(name, bytes, out var opened, out _))
                {
                    (opened.ValueText, opened.Sequence, opened.ValidityText, opened.TimeToLive).ShouldBe((record.ValueText, record.Sequence, record.ValidityText, record.TimeToLive), $"bit {bit}");
                }

                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Fact]
    public void Every_prefix_is_refused()
    {
        using var key = Seeds.Key(1);
        var bytes = IpnsRecord.Create(key, Path, 3, Now).Encoded.ToArray();
        for (var length = 0; length < bytes.Length; length++) IpnsRecord.TryOpen(key.PublicKey.PeerId, bytes.AsSpan(0, length), out _, out _).ShouldBeFalse($"prefix of {length}");
    }

    [Fact]
    public void A_record_over_10_KiB_is_neither_made_nor_read()
    {
        using var key = Seeds.Key(1);
        var largest = IpnsRecord.Create(key, new byte[9900], 0, Now, withOlderForm: false);

        largest.Encoded.Length.ShouldBeLessThanOrEqualTo(IpnsRecord.MaxLength);
        Should.Throw<ArgumentException>(() => IpnsRecord.Create(key, new byte[IpnsRecord.MaxLength], 0, Now, withOlderForm: false));
        Should.Throw<ArgumentException>(() => IpnsRecord.Create(key, new byte[6000], 0, Now));
        IpnsRecord.TryOpen(key.PublicKey.PeerId, new byte[IpnsRecord.MaxLength + 1], out _, out var error).ShouldBeFalse();
        error.ShouldContain("10240");
    }

    [Fact]
    public void The_higher_sequence_is_better_then_the_later_end_then_the_greater_bytes()
    {
        using var key = Seeds.Key(1);
        IpnsRecord Make(string value, ulong sequence, DateTimeOffset until) => IpnsRecord.Create(key, value, sequence, until);
        var records = new[] { Make("/a", 1, Now.AddDays(9)), Make("/a", 2, Now), Make("/a", 2, Now.AddTicks(1)) };

        for (var i = 0; i < records.Length; i++)
        {
            for (var j = 0; j < records.Length; j++) Math.Sign(IpnsRecord.Compare(records[i], records[j])).ShouldBe(i.CompareTo(j));
        }

        var (first, second) = (Make("/a", 1, Now), Make("/b", 1, Now));
        Math.Sign(IpnsRecord.Compare(first, second)).ShouldBe(-Math.Sign(IpnsRecord.Compare(second, first)));
        IpnsRecord.Compare(first, second).ShouldNotBe(0);
    }

    [Theory]
    [InlineData("2030-01-01T00:00:00Z", true)]
    [InlineData("2030-01-01T00:00:00.5Z", true)]
    [InlineData("2030-01-01T00:00:00.123456789Z", true)]
    [InlineData("2030-01-01T02:00:00.000000001+02:00", true)]
    [InlineData("2030-01-01T00:00:00.1234567890Z", false)]
    [InlineData("2030-01-01T00:00:00.Z", false)]
    [InlineData("2030-01-01T00:00:00", false)]
    [InlineData("2030-13-01T00:00:00Z", false)]
    [InlineData("2030-01-01 00:00:00Z", false)]
    [InlineData("", false)]
    [InlineData("1893456000", false)]
    public void Times_are_those_of_RFC_3339(string text, bool valid) => IpnsTime.TryParse(Encoding.ASCII.GetBytes(text), out _).ShouldBe(valid);

    [Fact]
    public void Times_are_ordered_to_the_nanosecond()
    {
        IpnsTime.TryParse("2030-01-01T00:00:00.000000001Z"u8, out var earlier).ShouldBeTrue();
        IpnsTime.TryParse("2030-01-01T00:00:00.000000002Z"u8, out var later).ShouldBeTrue();

        earlier.CompareTo(later).ShouldBeLessThan(0);
        earlier.Time.ShouldBe(later.Time);
    }

    [Fact]
    public void Fields_that_are_not_known_are_passed_over_and_what_is_not_DAG_CBOR_refused()
    {
        using var key = Seeds.Key(1);
        var known = Convert.FromHexString("6354544c006556616c756540" + "6853657175656e636507" + "6856616c6964697479" + "54" + Convert.ToHexString("2030-01-01T00:00:00Z"u8) + "6c56616c696469747954797065" + "00");
        byte[] plain = [0xA5, .. known];
        byte[] extended = [0xA6, .. known, 0x6D, .. "_custom.field"u8, 0x82, 0xA1, 0x61, (byte)'a', 0xF6, 0x20];

        IpnsData.Read(plain, out var data).ShouldBeNull();
        data.Sequence.ShouldBe(7UL);
        IpnsData.Read(extended, out data).ShouldBeNull();
        data.Sequence.ShouldBe(7UL);
        byte[][] bad =
        [
            [0xBF, .. known, 0xFF], // without a length
            [0xB8, 5, .. known], // a length that is not the shortest
            [.. plain, 0], // something behind it
            [0xA4, .. known[5..]], // no time to live
            [0xA6, .. known, 0x6D, .. "_custom.field"u8, 0xC1, 0x00], // a tag that is not 42
            [0xA6, 0x63, .. "TTL"u8, 0x00, .. known], // a key twice
            [0xA6, .. known, 0x61, (byte)'a', 0x00], // keys out of order
            [0xA6, .. known, 0x6D, .. "_custom.field"u8, 0xFB, 0x7F, 0xF8, 0, 0, 0, 0, 0, 0], // not a number
            [0xA6, .. known, 0x6D, .. "_custom.field"u8, 0x9B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], // more items than bytes
        ];
        foreach (var bytes in bad) IpnsData.Read(bytes, out _).ShouldNotBeNull(Convert.ToHexString(bytes));
        key.PublicKey.Type.ShouldBe(KeyType.Ed25519);
    }
}
