using System.Text;
using CsCheck;

namespace Libp2p.Tests.Records;

public class SignedEnvelopeTests
{
    private const string Domain = "libp2p-testing";

    private static readonly byte[] Type = Encoding.ASCII.GetBytes("/libp2p/testdata");

    private static readonly byte[] Payload = Encoding.ASCII.GetBytes("hello world!");

    [Fact]
    public void Vectors_of_go_open_or_fail_as_they_say()
    {
        var vectors = Vectors.Json("signed-envelope/vectors.json").GetProperty("envelope").EnumerateArray().ToArray();
        vectors.Length.ShouldBe(3);
        foreach (var vector in vectors)
        {
            var bytes = vector.Hex("hex");
            if (!vector.GetProperty("valid").GetBoolean())
            {
                Should.Throw<RecordException>(() => SignedEnvelope.Open(bytes, vector.Text("domain")));
                continue;
            }

            var envelope = SignedEnvelope.Open(bytes, vector.Text("domain"));
            Encoding.UTF8.GetString(envelope.PayloadType.Span).ShouldBe(vector.Text("payload_type_utf8"));
            Encoding.UTF8.GetString(envelope.Payload.Span).ShouldBe(vector.Text("payload_utf8"));
            envelope.Encoded.ToArray().ShouldBe(bytes);
        }
    }

    [Theory]
    [InlineData(KeyType.Ed25519)]
    [InlineData(KeyType.Rsa)]
    [InlineData(KeyType.Secp256k1)]
    [InlineData(KeyType.Ecdsa)]
    public void Sealed_envelopes_open_for_their_domain_only(KeyType type)
    {
        using var key = PrivateKey.Generate(type);

        var bytes = SignedEnvelope.Seal(key, Domain, Type, Payload).Encoded.Span;
        var envelope = SignedEnvelope.Open(bytes, Domain, Type);

        envelope.Signer.ShouldBe(key.PublicKey);
        envelope.PayloadType.ToArray().ShouldBe(Type);
        envelope.Payload.ToArray().ShouldBe(Payload);
        SignedEnvelope.TryOpen(bytes, Domain + "2", out var other, out var error).ShouldBeFalse();
        other.ShouldBeNull();
        error.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Any_payload_and_type_come_out_as_they_went_in()
    {
        using var key = Seeds.Key(1);
        Gen.Select(Gen.Byte.Array[1, 200], Gen.Byte.Array[0, 3000], Gen.String[Gen.Char.AlphaNumeric, 1, 200]).Sample((type, payload, domain) =>
        {
            var envelope = SignedEnvelope.Open(SignedEnvelope.Seal(key, domain, type, payload).Encoded.Span, domain, type);
            envelope.PayloadType.ToArray().ShouldBe(type);
            envelope.Payload.ToArray().ShouldBe(payload);
        }, iter: 50);
    }

    [Fact]
    public void Another_payload_type_than_asked_for_is_refused()
    {
        using var key = Seeds.Key(1);
        var bytes = SignedEnvelope.Seal(key, Domain, Type, Payload).Encoded.ToArray();

        Should.Throw<RecordException>(() => SignedEnvelope.Open(bytes, Domain, "other"u8));
    }

    [Fact]
    public void Neither_domain_nor_payload_type_may_be_empty()
    {
        using var key = Seeds.Key(1);

        Should.Throw<ArgumentException>(() => SignedEnvelope.Seal(key, "", Type, Payload));
        Should.Throw<ArgumentException>(() => SignedEnvelope.Seal(key, Domain, [], Payload));
        Should.Throw<ArgumentException>(() => SignedEnvelope.Open([], ""));
    }

    [Fact]
    public void Bytes_cannot_move_between_domain_type_and_payload()
    {
        using var key = Seeds.Key(1);
        var sealedBytes = SignedEnvelope.Seal(key, "ab", "cd"u8, "ef"u8).Encoded.ToArray();

        Should.Throw<RecordException>(() => SignedEnvelope.Open(sealedBytes, "abc"));
        Should.Throw<RecordException>(() => SignedEnvelope.Open(sealedBytes, "a"));
    }

    [Fact]
    public void Every_prefix_is_refused()
    {
        using var key = Seeds.Key(1);
        var bytes = SignedEnvelope.Seal(key, Domain, Type, Payload).Encoded.ToArray();

        for (var length = 0; length < bytes.Length; length++)
        {
            SignedEnvelope.TryOpen(bytes.AsSpan(0, length), Domain, out _, out _).ShouldBeFalse($"prefix of {length}");
        }
    }

    [Fact]
    public void Row10_every_flipped_bit_is_refused()
    {
        using var key = Seeds.Key(1);
        var bytes = SignedEnvelope.Seal(key, Domain, Type, Payload).Encoded.ToArray();

        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            SignedEnvelope.TryOpen(bytes, Domain, out _, out _).ShouldBeFalse($"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Envelopes_longer_than_the_limit_are_refused_both_ways()
    {
        using var key = Seeds.Key(1);

        Should.Throw<ArgumentException>(() => SignedEnvelope.Seal(key, Domain, Type, new byte[SignedEnvelope.MaxLength]));
        Should.Throw<RecordException>(() => SignedEnvelope.Open(new byte[SignedEnvelope.MaxLength + 1], Domain));
    }
}
