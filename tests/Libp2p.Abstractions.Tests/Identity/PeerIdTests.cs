using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Libp2p.Multiformats;

namespace Libp2p.Tests.Identity;

public partial class PeerIdTests
{
    private const string Ed25519Id = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
    private const string RsaId = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";

    [Fact]
    public void Spec_texts_are_read_and_name_what_they_should()
    {
        var texts = Vectors.Json("peer-ids-and-keys/spec_peer_ids.json").EnumerateArray().Select(t => t.GetString()!).ToArray();
        texts.Length.ShouldBe(3);
        foreach (var text in texts)
        {
            var id = PeerId.Parse(text);
            (text is ['b', ..] ? id.ToCidString() : id.ToString()).ShouldBe(text);
        }

        PeerId.Parse(texts[0]).ShouldBe(PeerId.Parse(texts[1]));
    }

    [Theory]
    [InlineData(Ed25519Id)]
    [InlineData(RsaId)]
    public void Every_multibase_of_the_CID_names_the_same_peer(string text)
    {
        var id = PeerId.Parse(text);
        foreach (var encoding in Multibase.Encodings.Where(e => e != MultibaseEncoding.Identity)) // whose text is the bytes themselves, which are no text
        {
            PeerId.TryParse(id.ToCid().ToString(encoding), out var again).ShouldBeTrue(Multibase.GetName(encoding));
            again.ShouldBe(id);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("11")]
    [InlineData("Qm")]
    [InlineData(" " + RsaId)]
    [InlineData(RsaId + " ")]
    [InlineData(RsaId + "1")]
    [InlineData("1" + RsaId)]
    [InlineData("z" + RsaId)] // base58 of a CIDv0 in multibase: no libp2p-key
    [InlineData("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx50")]
    [InlineData("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi")] // dag-pb
    [InlineData("bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy")] // raw
    [InlineData("not a peer")]
    public void What_is_no_peer_id_is_refused(string text)
    {
        PeerId.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => PeerId.Parse(text));
    }

    [Theory]
    [InlineData(Ed25519Id)]
    [InlineData(RsaId)]
    [InlineData("bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe")]
    public void Every_prefix_of_a_text_is_refused_unless_it_is_well_formed_itself(string text)
    {
        for (var length = 0; length < text.Length; length++)
        {
            // Twelve characters of an id can be the well-formed id of an inlined value that is no key.
            if (PeerId.TryParse(text[..length], out var id)) id.TryGetPublicKey(out _).ShouldBeFalse($"prefix of {length}");
        }
    }

    [Fact]
    public void Row71_multihashes_that_are_too_long_of_a_wrong_length_or_of_another_hash_are_refused()
    {
        var sha256 = PeerId.Parse(RsaId).Bytes.ToArray();
        var inlined = PeerId.Parse(Ed25519Id).Bytes.ToArray();
        byte[][] bad =
        [
            [], [0], [0, 0], [0x12], [0x12, 0], sha256[..^1], [.. sha256, 0], inlined[..^1], [.. inlined, 0],
            [0, 43, .. new byte[43]], [0, 127, .. new byte[127]], [0, 0x81, 1, .. new byte[129]], [0x12, 31, .. new byte[31]], [0x12, 33, .. new byte[33]],
            [0x13, 64, .. new byte[64]], [0x11, 20, .. new byte[20]], [0x80, 0x00, 3, 1, 2, 3],
        ];
        foreach (var bytes in bad)
        {
            PeerId.TryFromBytes(bytes, out _).ShouldBeFalse(Convert.ToHexString(bytes));
            Should.Throw<FormatException>(() => PeerId.FromBytes(bytes));
        }

        PeerId.FromBytes([0, 42, .. new byte[42]]).Bytes.Length.ShouldBe(PeerId.MaxLength);
    }

    [Fact]
    public void Bytes_and_text_come_back_for_every_key_type()
    {
        foreach (var type in Enum.GetValues<KeyType>())
        {
            using var key = PrivateKey.Generate(type);
            var id = key.PublicKey.PeerId;
            PeerId.FromBytes(id.Bytes).ShouldBe(id);
            PeerId.Parse(id.ToString()).ShouldBe(id);
            PeerId.Parse(id.ToCidString()).ShouldBe(id);
            id.ToString("C", null).ShouldBe(id.ToCidString());
            id.Matches(key.PublicKey).ShouldBeTrue();
            id.ToString()[..2].ShouldBe(type is KeyType.Ed25519 ? "12" : type is KeyType.Secp256k1 ? "16" : "Qm");
            id.TryGetPublicKey(out var inlined).ShouldBe(type is KeyType.Ed25519 or KeyType.Secp256k1);
            if (inlined is not null) inlined.ShouldBe(key.PublicKey);
        }
    }

    [Fact]
    public void An_id_that_inlines_no_key_is_an_id_without_a_key()
    {
        PeerId.FromBytes([0, 3, 1, 2, 3]).TryGetPublicKey(out var key).ShouldBeFalse();
        key.ShouldBeNull();
    }

    [Fact]
    public void An_id_that_inlines_a_key_in_another_spelling_is_not_the_id_of_that_key()
    {
        using var key = Seeds.Key(1);
        byte[] padded = [.. key.PublicKey.Protobuf.Span, 0x18, 0x01];
        PublicKey.FromProtobuf(padded).ShouldBe(key.PublicKey);

        var id = PeerId.FromBytes([0, (byte)padded.Length, .. padded]);

        id.Matches(key.PublicKey).ShouldBeFalse();
        id.TryGetPublicKey(out _).ShouldBeFalse();
    }

    [Fact]
    public void Order_and_equality_are_of_the_bytes()
    {
        var (low, high) = (PeerId.Parse(Ed25519Id), PeerId.Parse(RsaId));
        low.CompareTo(high).ShouldBeLessThan(0);
        high.CompareTo(low).ShouldBeGreaterThan(0);
        low.CompareTo(null).ShouldBeGreaterThan(0);
        (low == PeerId.Parse(Ed25519Id)).ShouldBeTrue();
        (low != high).ShouldBeTrue();
        low.GetHashCode().ShouldBe(PeerId.Parse(Ed25519Id).GetHashCode());
    }

    [Fact]
    public void Formats_into_spans_and_interpolated_strings()
    {
        var id = PeerId.Parse(Ed25519Id);
        Span<char> exact = stackalloc char[Ed25519Id.Length];
        id.TryFormat(exact, out var written, default, null).ShouldBeTrue();
        exact[..written].ToString().ShouldBe(Ed25519Id);
        id.TryFormat(exact[1..], out written, default, null).ShouldBeFalse();
        written.ShouldBe(0);
        $"{id:C}".ShouldBe(id.ToCidString());
        Should.Throw<FormatException>(() => id.ToString("X", null));
    }

    [Fact]
    public void Goes_through_JSON_as_value_and_as_key()
    {
        var id = PeerId.Parse(Ed25519Id);
        var map = new Dictionary<PeerId, PeerId> { [id] = PeerId.Parse(RsaId) };

        var json = JsonSerializer.Serialize(map, IdJson.Default.DictionaryPeerIdPeerId);

        json.ShouldBe($$"""{"{{Ed25519Id}}":"{{RsaId}}"}""");
        JsonSerializer.Deserialize(json, IdJson.Default.DictionaryPeerIdPeerId)!.Single().ShouldBe(map.Single());
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize("\"nobody\"", IdJson.Default.PeerId));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize("1", IdJson.Default.PeerId));
    }

    [Fact]
    public void Binds_from_configuration_text()
    {
        var converter = TypeDescriptor.GetConverter(typeof(PeerId));
        converter.ConvertFromInvariantString(Ed25519Id).ShouldBe(PeerId.Parse(Ed25519Id));
        converter.ConvertToInvariantString(PeerId.Parse(RsaId)).ShouldBe(RsaId);
    }

    [JsonSerializable(typeof(Dictionary<PeerId, PeerId>))]
    [JsonSerializable(typeof(PeerId))]
    private partial class IdJson : JsonSerializerContext;
}
