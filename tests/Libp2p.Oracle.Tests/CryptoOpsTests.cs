namespace Libp2p.Oracle.Tests;

public class CryptoOpsTests
{
    // RFC 7748, section 5.2 and 6.1.
    [Theory]
    [InlineData("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4", "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c", "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d", "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493", "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    [InlineData("77076d0a7318a57d3c16c17251b26645f6c2f3a5b7d0f6c3d1b3b5a5c7e0a52a", "0000000000000000000000000000000000000000000000000000000000000000", null)]
    [InlineData("77076d0a7318a57d3c16c17251b26645f6c2f3a5b7d0f6c3d1b3b5a5c7e0a52a", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800", null)]
    public void X25519(string privateKey, string publicKey, string? shared)
    {
        var question = $$"""{"op":"x25519","private":"{{privateKey}}","public":"{{publicKey}}"}""";
        if (shared is null) Ask.Refused(question);
        else Ask.Ok(question).Text("shared").ShouldBe(shared);
    }

    // RFC 8439, section 2.8.2.
    [Fact]
    public void Chacha20poly1305()
    {
        const string Ciphertext =
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad67594" +
            "5585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116" + "1ae10b594f09e26a7e902ecbd0600691";
        string Question(string ciphertext) =>
            $$"""{"op":"chacha20poly1305","key":"808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f","nonce":"070000004041424344454647","aad":"50515253c0c1c2c3c4c5c6c7","ciphertext":"{{ciphertext}}"}""";

        Ask.Ok(Question(Ciphertext)).Text("plaintext").ShouldBe(Convert.ToHexStringLower(
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."u8));
        Ask.Refused(Question(Ciphertext[..^2] + "90"));
        Ask.Refused(Question("00"));
    }

    // RFC 5869, appendix A.1 and A.3.
    [Theory]
    [InlineData("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")]
    [InlineData("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "", "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")]
    public void Hkdf_sha256(string ikm, string salt, string info, string okm)
    {
        Ask.Ok($$"""{"op":"hkdf-sha256","ikm":"{{ikm}}","salt":"{{salt}}","info":"{{info}}","length":42}""").Text("okm").ShouldBe(okm);
        Ask.Refused($$"""{"op":"hkdf-sha256","ikm":"{{ikm}}","salt":"{{salt}}","info":"{{info}}","length":8161}""");
    }

    [Fact]
    public void Noise_xx()
    {
        var vector = Ask.Vectors("noise/cacophony.XX_25519_ChaChaPoly_SHA256.json").GetProperty("vectors").EnumerateArray()
            .Single(v => v.Text("protocol_name") == "Noise_XX_25519_ChaChaPoly_SHA256");
        var messages = vector.GetProperty("messages").EnumerateArray().Take(3).ToArray();
        string M(int i) => messages[i].Text("ciphertext");
        string P(int i) => messages[i].Text("payload");

        var dialer = Ask.Ok($$"""{"op":"noise-xx","role":"dialer","prologue":"{{vector.Text("init_prologue")}}","static":"{{vector.Text("init_static")}}","ephemeral":"{{vector.Text("init_ephemeral")}}","remoteMessages":["{{M(1)}}"],"payloads":["{{P(0)}}","{{P(2)}}"]}""");
        dialer.Texts("messages").ShouldBe([M(0), M(2)]);
        dialer.Texts("payloads").ShouldBe([P(1)]);
        dialer.Text("hash").ShouldBe(vector.Text("handshake_hash"));

        var listener = Ask.Ok($$"""{"op":"noise-xx","role":"listener","prologue":"{{vector.Text("resp_prologue")}}","static":"{{vector.Text("resp_static")}}","ephemeral":"{{vector.Text("resp_ephemeral")}}","remoteMessages":["{{M(0)}}","{{M(2)}}"],"payloads":["{{P(1)}}"]}""");
        listener.Texts("messages").ShouldBe([M(1)]);
        listener.Texts("payloads").ShouldBe([P(0), P(2)]);
        listener.Text("hash").ShouldBe(vector.Text("handshake_hash"));

        Ask.Refused($$"""{"op":"noise-xx","role":"dialer","static":"{{vector.Text("init_static")}}","ephemeral":"{{vector.Text("init_ephemeral")}}","remoteMessages":["{{M(1)}}"],"payloads":["{{P(0)}}"]}""");
    }
}
