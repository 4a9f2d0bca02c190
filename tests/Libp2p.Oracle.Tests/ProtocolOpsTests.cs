using System.Text;

namespace Libp2p.Oracle.Tests;

public class ProtocolOpsTests
{
    // Lines of the multistream-select specification: length, text, newline.
    [Theory]
    [InlineData("listener", "/multistream/1.0.0|/x|/a/1.0.0", "/a/1.0.0", "/multistream/1.0.0|na|/a/1.0.0")]
    [InlineData("dialer", "/multistream/1.0.0|na|/b/1.0.0", "/b/1.0.0", "/multistream/1.0.0|/a/1.0.0|/b/1.0.0")]
    [InlineData("dialer", "/multistream/1.0.0|na|na", null, null)]
    [InlineData("listener", "/multistream/2.0.0|/a/1.0.0", null, null)]
    [InlineData("listener", "/multistream/1.0.0", null, null)]
    public void Multistream(string role, string said, string? chosen, string? written)
    {
        var question = $$"""{"op":"multistream","role":"{{role}}","supported":["/a/1.0.0","/b/1.0.0"],"bytes":"{{Lines(said)}}"}""";
        if (chosen is null)
        {
            Ask.Refused(question);
            return;
        }

        var answer = Ask.Ok(question);
        answer.Text("chosen").ShouldBe(chosen);
        answer.Text("written").ShouldBe(Lines(written!));
    }

    [Fact]
    public void Wire()
    {
        var record = Ask.Vectors("signed-envelope/vectors.json").GetProperty("peer_record")[0];
        var answer = Ask.Ok($$"""{"op":"wire","message":"peer.pb.PeerRecord","bytes":"{{record.Text("hex")}}"}""");
        answer.Text("bytes").ShouldBe(record.Text("hex"));
        answer.Text("json").ShouldBe("""{"peerId":"ACQIARIgEbuj7RchlIzvtOULCgu1ytimtS3HsaQPT2ZSEFyR4sQ=","seq":"1636553709551319707","addresses":[{"multiaddr":"BAECAwQGAAA="},{"multiaddr":"BAECAwQGAAE="}]}""");
        answer.GetProperty("unknown").GetBoolean().ShouldBeFalse();

        Ask.Ok($$"""{"op":"wire","message":"peer.pb.PeerRecord","bytes":"{{record.Text("hex")}}2001"}""").GetProperty("unknown").GetBoolean().ShouldBeTrue();
        Ask.Refused($$"""{"op":"wire","message":"peer.pb.PeerRecord","bytes":"{{record.Text("hex")[..^2]}}"}""");
        Ask.Refused("""{"op":"wire","message":"nobody.pb.Nothing","bytes":""}""").ShouldStartWith("unsupported: ");
    }

    [Theory]
    [InlineData("crypto.pb.PublicKey", "08011200", """{"Type":"Ed25519","Data":""}""")]
    [InlineData("crypto.pb.PublicKey", "08071200", """{"Type":7,"Data":""}""")]
    [InlineData("identify.pb.Identify", "2a0169320162", """{"protocolVersion":"i","agentVersion":"b"}""")]
    [InlineData("identify.pb.Identify", "1a012f1a012f12010412010f", """{"listenAddrs":["BA==","Dw=="],"protocols":["/","/"]}""")]
    [InlineData("pb.NoiseHandshakePayload", "220412022f79", """{"extensions":{"streamMuxers":["/y"]}}""")]
    [InlineData("record.pb.Envelope", "0a0408011200", """{"publicKey":{"Type":"Ed25519","Data":""}}""")]
    public void Wire_writes_protobuf_JSON(string message, string bytes, string json) =>
        Ask.Ok($$"""{"op":"wire","message":"{{message}}","bytes":"{{bytes}}"}""").Text("json").ShouldBe(json);

    private static string Lines(string texts)
    {
        var bytes = new List<byte>();
        foreach (var text in texts.Split('|')) bytes.AddRange([(byte)(text.Length + 1), .. Encoding.ASCII.GetBytes(text), (byte)'\n']);
        return Convert.ToHexStringLower([.. bytes]);
    }
}
