namespace Libp2p.Tests.Records.Signed;

public class SignedRecordTests
{
    private const string Namespace = "acme";

    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_record_is_read_as_it_was_signed_and_in_its_namespace_alone()
    {
        using var key = Seeds.Key(1);
        var first = Make(key, new() { SignedAt = Now });
        var record = Make(key, new() { SignedAt = Now, Sequence = 1, ValidFrom = Now, ValidUntil = Now.AddDays(1), TimeToLive = TimeSpan.FromHours(1), Previous = first });

        var opened = SignedRecord.Open(Namespace, record.Encoded.Span);

        (opened.Sequence, opened.SignedAt, opened.ValidFrom, opened.ValidUntil, opened.TimeToLive).ShouldBe((1UL, Now, Now, Now.AddDays(1), TimeSpan.FromHours(1)));
        opened.Value.ToArray().ShouldBe("value"u8.ToArray());
        opened.Previous.ToArray().ShouldBe(first.Hash.ToArray());
        opened.Signer.ShouldBe(key.PublicKey);
        Should.Throw<RecordException>(() => SignedRecord.Open("other", record.Encoded.Span));
    }

    [Fact]
    public void Every_prefix_and_every_flipped_bit_is_refused()
    {
        using var key = Seeds.Key(1);
        var bytes = Make(key, new() { SignedAt = Now, ValidUntil = Now }).Encoded.ToArray();
        for (var length = 0; length < bytes.Length; length++) Should.Throw<RecordException>(() => SignedRecord.Open(Namespace, bytes.AsSpan(0, length)));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<RecordException>(() => SignedRecord.Open(Namespace, bytes), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_record_of_a_range_is_valid_inside_of_it()
    {
        using var key = Seeds.Key(1);
        var record = Make(key, new() { SignedAt = Now, ValidFrom = Now, ValidUntil = Now.AddDays(1) });
        var validator = new SignedRecordValidator(Namespace, ValidityScheme.TimeRange);

        IsValid(validator, key, record, at: Now.AddMilliseconds(-1)).ShouldBeFalse();
        IsValid(validator, key, record, at: Now).ShouldBeTrue();
        IsValid(validator, key, record, at: Now.AddDays(1)).ShouldBeTrue();
        IsValid(validator, key, record, at: Now.AddDays(1).AddMilliseconds(1)).ShouldBeFalse();
        IsValid(validator, key, Make(key, new() { SignedAt = Now }), at: DateTimeOffset.MaxValue).ShouldBeTrue();
    }

    [Fact]
    public void A_record_that_lives_after_receipt_dies_by_the_clock_of_who_received_it()
    {
        using var key = Seeds.Key(1);
        var validator = new SignedRecordValidator(Namespace, ValidityScheme.TimeToLive(TimeSpan.FromHours(2)));
        var own = Make(key, new() { SignedAt = Now, TimeToLive = TimeSpan.FromHours(1) });
        var greedy = Make(key, new() { SignedAt = Now, TimeToLive = TimeSpan.FromDays(9000) });

        IsValid(validator, key, own, at: Now.AddDays(9)).ShouldBeTrue();
        IsValid(validator, key, own, at: Now.AddHours(1), received: Now).ShouldBeTrue();
        IsValid(validator, key, own, at: Now.AddHours(1.5), received: Now).ShouldBeFalse();
        IsValid(validator, key, greedy, at: Now.AddHours(2), received: Now).ShouldBeTrue();
        IsValid(validator, key, greedy, at: Now.AddHours(3), received: Now).ShouldBeFalse();
    }

    [Fact]
    public void A_fresh_record_was_signed_a_while_ago_and_not_in_the_time_to_come()
    {
        using var key = Seeds.Key(1);
        var validator = new SignedRecordValidator(Namespace, ValidityScheme.Freshness(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1)));
        var record = Make(key, new() { SignedAt = Now });

        IsValid(validator, key, record, at: Now.AddMinutes(10)).ShouldBeTrue();
        IsValid(validator, key, record, at: Now.AddMinutes(11)).ShouldBeFalse();
        IsValid(validator, key, record, at: Now.AddMinutes(-1)).ShouldBeTrue();
        IsValid(validator, key, record, at: Now.AddMinutes(-2)).ShouldBeFalse();
    }

    [Fact]
    public void In_a_chain_the_record_that_follows_is_the_better_and_the_longer_chain()
    {
        using var key = Seeds.Key(1);
        var validator = new SignedRecordValidator(Namespace, ValidityScheme.Ancestry);
        var first = Make(key, new() { SignedAt = Now });
        var second = Make(key, new() { SignedAt = Now, Sequence = 1, Previous = first });
        var third = Make(key, new() { SignedAt = Now, Sequence = 2, Previous = second });
        var place = RecordKey.Create(Namespace, key.PublicKey.PeerId.Bytes);

        validator.Select(place, [first.Encoded, third.Encoded, second.Encoded]).ShouldBe(1);
        validator.Select(place, [second.Encoded, first.Encoded]).ShouldBe(0);
        IsValid(validator, key, first, Now).ShouldBeTrue();
        IsValid(validator, key, third, Now).ShouldBeTrue();
        IsValid(validator, key, Make(key, new() { SignedAt = Now, Sequence = 1 }), Now).ShouldBeFalse();
        IsValid(validator, key, Make(key, new() { SignedAt = Now, Previous = first }), Now).ShouldBeFalse();
    }

    [Fact]
    public void Selection_does_not_depend_on_the_order_of_what_came()
    {
        using var key = Seeds.Key(1);
        var place = RecordKey.Create(Namespace, key.PublicKey.PeerId.Bytes);
        foreach (var scheme in new[] { ValidityScheme.TimeRange, ValidityScheme.TimeToLive(TimeSpan.FromDays(1)), ValidityScheme.Ancestry, ValidityScheme.Freshness(TimeSpan.FromDays(1), TimeSpan.Zero) })
        {
            var validator = new SignedRecordValidator(Namespace, scheme);
            ReadOnlyMemory<byte>[] values = [.. Enumerable.Range(0, 6).Select(i => Make(key, new() { SignedAt = Now.AddMilliseconds(i / 3), Sequence = (ulong)(i / 2), ValidUntil = Now.AddDays(i % 2) }).Encoded)];
            var best = values[validator.Select(place, values)].ToArray();
            for (var turn = 1; turn < values.Length; turn++)
            {
                ReadOnlyMemory<byte>[] turned = [.. values[turn..], .. values[..turn]];
                turned[validator.Select(place, turned)].ToArray().ShouldBe(best);
            }
        }
    }

    [Fact]
    public void Row42_a_record_of_another_signer_is_refused()
    {
        using var key = Seeds.Key(1);
        using var other = Seeds.Key(2);
        var validator = new SignedRecordValidator(Namespace, ValidityScheme.TimeRange);

        IsValid(validator, key, Make(other, new() { SignedAt = Now }), Now).ShouldBeFalse();
    }

    private static SignedRecord Make(PrivateKey key, SignedRecordTerms terms) => SignedRecord.Create(key, Namespace, "value"u8, terms);

    private static bool IsValid(SignedRecordValidator validator, PrivateKey owner, SignedRecord record, DateTimeOffset at, DateTimeOffset? received = null) =>
        validator.Validate(new(RecordKey.Create(Namespace, owner.PublicKey.PeerId.Bytes), record.Encoded) { TimeReceived = received }, at, out _);
}
