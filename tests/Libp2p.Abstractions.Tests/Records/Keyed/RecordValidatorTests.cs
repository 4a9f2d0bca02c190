namespace Libp2p.Tests.Records.Keyed;

public class RecordValidatorTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RecordValidators Validators = new(RecordValidators.Standard);

    public static TheoryData<KeyType> Types => [.. Enum.GetValues<KeyType>()];

    [Theory]
    [MemberData(nameof(Types))]
    public void Row44_the_public_key_of_a_peer_and_no_other_stands_under_its_id(KeyType type)
    {
        using var key = PrivateKey.Generate(type);
        using var other = PrivateKey.Generate(type);
        var place = RecordKey.OfPublicKey(key.PublicKey.PeerId);

        Verdict(place, key.PublicKey.Protobuf).ShouldBeNull();
        Verdict(place, other.PublicKey.Protobuf)!.ShouldContain(other.PublicKey.PeerId.ToString());
        Verdict(place, key.PublicKey.Data).ShouldNotBeNull();
        Verdict(place, (byte[])[.. key.PublicKey.Protobuf.Span, 0x1A, 0]).ShouldNotBeNull();
        Verdict(RecordKey.Create("pk", "nobody"u8), key.PublicKey.Protobuf).ShouldNotBeNull();
    }

    [Fact]
    public void Row42_a_name_holds_what_its_key_signed_until_it_expires()
    {
        using var key = Seeds.Key(1);
        using var other = Seeds.Key(2);
        var place = RecordKey.OfName(key.PublicKey.PeerId);
        var record = IpnsRecord.Create(key, "/ipfs/x", 1, Now.AddHours(1));

        Verdict(place, record.Encoded).ShouldBeNull();
        Verdict(place, IpnsRecord.Create(other, "/ipfs/x", 1, Now.AddHours(1)).Encoded).ShouldNotBeNull();
        Verdict(place, IpnsRecord.Create(key, "/ipfs/x", 1, Now.AddHours(-1)).Encoded)!.ShouldContain("expired");
        Verdict(place, "x"u8.ToArray()).ShouldNotBeNull();
        Verdict(RecordKey.Create("ipns", "nobody"u8), record.Encoded).ShouldNotBeNull();
    }

    [Fact]
    public void Of_several_names_records_the_best_is_selected_wherever_it_is()
    {
        using var key = Seeds.Key(1);
        var place = RecordKey.OfName(key.PublicKey.PeerId);
        ReadOnlyMemory<byte> Make(ulong sequence) => IpnsRecord.Create(key, "/ipfs/x", sequence, Now).Encoded;

        Validators.Select(place, [Make(1), Make(3), Make(2)]).ShouldBe(1);
        Validators.Select(place, [Make(3), Make(1), Make(3)]).ShouldBe(0);
        Validators.Select(place, ["rubbish"u8.ToArray(), Make(1)]).ShouldBe(1);
        Validators.Select(RecordKey.OfPublicKey(key.PublicKey.PeerId), [key.PublicKey.Protobuf, key.PublicKey.Protobuf]).ShouldBe(0);
        Should.Throw<ArgumentOutOfRangeException>(() => Validators.Select(place, []));
    }

    [Fact]
    public void Row49_what_nothing_validates_is_refused()
    {
        Verdict(RecordKey.Create("v", "x"u8), "y"u8.ToArray())!.ShouldContain("/v/");
        Verdict(RecordKey.Parse("hello"u8), "y"u8.ToArray())!.ShouldContain("namespace");
        Should.Throw<RecordException>(() => Validators.Select(RecordKey.Create("v", "x"u8), ["y"u8.ToArray()]));
    }

    private static string? Verdict(RecordKey key, ReadOnlyMemory<byte> value) => Validators.Validate(new(key, value), Now, out var why) ? null : why;
}
