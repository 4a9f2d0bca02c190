namespace Libp2p.Oracle.Tests;

/// <summary>Vectors of go, js and the peer-ids specification.</summary>
public class IdentityOpsTests
{
    [Fact]
    public void Peerid()
    {
        var answer = Ask.Ok("""{"op":"peerid","text":"bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe"}""");
        answer.Text("text").ShouldBe("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N");
        answer.Text("cid").ShouldBe("bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe");
        answer.Text("bytes").ShouldBe("12209dff3b17d74cf4d38a50d8b6383e92d181a10395a5e73a726dcccbd21bf6f0b9");
        Ask.Refused("""{"op":"peerid","text":"nobody"}""");
    }

    [Fact]
    public void Publickey()
    {
        foreach (var vector in Ask.Vectors("peer-ids-and-keys/spec_keys.json").EnumerateArray().Where(v => v.Text("name").Contains("public")))
        {
            var answer = Ask.Ok($$"""{"op":"publickey","bytes":"{{vector.Text("protobuf_hex")}}"}""");
            vector.Text("name").ShouldStartWith(answer.Text("type"), Case.Insensitive);
            answer.Text("peerid").ShouldNotBeNullOrEmpty();
        }

        Ask.Refused("""{"op":"publickey","bytes":"0801"}""");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Sign_and_verify(int type)
    {
        string File(string name) => Convert.ToHexStringLower(System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, $"vectors/peer-ids-and-keys/go_core_crypto_test_data/{type}.{name}")));
        var message = Convert.ToHexStringLower("Libp2p is the _best_!"u8);

        Ask.Ok($$"""{"op":"sign","key":"{{File("priv")}}","message":"{{message}}"}""").Text("signature").ShouldBe(File("sig"));
        Ask.Ok($$"""{"op":"verify","key":"{{File("pub")}}","message":"{{message}}","signature":"{{File("sig")}}"}""");
        Ask.Refused($$"""{"op":"verify","key":"{{File("pub")}}","message":"{{message}}00","signature":"{{File("sig")}}"}""");
    }

    [Fact]
    public void Envelope()
    {
        foreach (var vector in Ask.Vectors("signed-envelope/vectors.json").GetProperty("envelope").EnumerateArray())
        {
            var question = $$"""{"op":"envelope","bytes":"{{vector.Text("hex")}}","domain":"{{vector.Text("domain")}}"}""";
            if (vector.GetProperty("valid").GetBoolean())
            {
                var answer = Ask.Ok(question);
                answer.Text("payloadType").ShouldBe(Convert.ToHexStringLower("/libp2p/testdata"u8));
                answer.Text("payload").ShouldBe(Convert.ToHexStringLower("hello world!"u8));
                answer.Text("peerid").ShouldStartWith("12D3KooW");
            }
            else
            {
                Ask.Refused(question);
            }
        }
    }

    [Fact]
    public void Ipns()
    {
        using var key = PrivateKey.FromEd25519Seed(new byte[32]);
        var record = Convert.ToHexStringLower(IpnsRecord.Create(key, "/ipfs/bafkqaaa", 7, new DateTimeOffset(2100, 1, 2, 3, 4, 5, TimeSpan.Zero)).Encoded.Span);
        var answer = Ask.Ok($$"""{"op":"ipns","name":"/ipns/{{key.PublicKey.PeerId}}","bytes":"{{record}}"}""");

        answer.GetProperty("value").GetString().ShouldBe("/ipfs/bafkqaaa");
        answer.GetProperty("sequence").GetInt32().ShouldBe(7);
        answer.GetProperty("validity").GetString().ShouldBe("2100-01-02T03:04:05Z");
        Ask.Refused($$"""{"op":"ipns","name":"{{key.PublicKey.PeerId}}","bytes":"{{record[..^2]}}"}""");
    }
}
