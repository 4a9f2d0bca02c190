namespace Libp2p.Oracle.Tests;

/// <summary>Examples of the multiformats specifications.</summary>
public class MultiformatOpsTests
{
    [Fact]
    public void Varint()
    {
        var answer = Ask.Ok("""{"op":"varint","bytes":"ac02ff"}""");
        answer.Text("value").ShouldBe("300");
        answer.GetProperty("length").GetInt32().ShouldBe(2);
        Ask.Refused("""{"op":"varint","bytes":"8000"}""");
    }

    [Fact]
    public void Multibase()
    {
        var answer = Ask.Ok("""{"op":"multibase","text":"f00ff"}""");
        answer.Text("encoding").ShouldBe("base16");
        answer.Text("bytes").ShouldBe("00ff");
        Ask.Refused("""{"op":"multibase","text":"f0"}""");
    }

    [Fact]
    public void Multibase_encode()
    {
        Ask.Ok("""{"op":"multibase-encode","encoding":"base58btc","bytes":"0079"}""").Text("text").ShouldBe("z136");
        Ask.Refused("""{"op":"multibase-encode","encoding":"base1","bytes":"00"}""");
    }

    [Fact]
    public void Multihash_sum()
    {
        Ask.Ok("""{"op":"multihash-sum","name":"sha2-256","bytes":"616263"}""").Text("multihash")
            .ShouldBe("1220ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        Ask.Ok("""{"op":"multihash-sum","name":"sha1","bytes":"616263","length":4}""").Text("multihash").ShouldBe("1104a9993e36");
        Ask.Refused("""{"op":"multihash-sum","name":"no hash","bytes":""}""");
    }

    [Fact]
    public void Multihash()
    {
        var answer = Ask.Ok("""{"op":"multihash","bytes":"1104a9993e36"}""");
        answer.Text("name").ShouldBe("sha1");
        answer.Text("digest").ShouldBe("a9993e36");
        Ask.Refused("""{"op":"multihash","bytes":"1105a9993e36"}""");
    }

    [Fact]
    public void Cid()
    {
        var answer = Ask.Ok("""{"op":"cid","text":"bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"}""");
        answer.GetProperty("version").GetInt32().ShouldBe(1);
        answer.Text("codec").ShouldBe("dag-pb");
        answer.Text("multihash").ShouldBe("1220c3c4733ec8affd06cf9e9ff50ffc6bcd2ec85a6170004bb709669c31de94391a");
        Ask.Ok($$"""{"op":"cid","bytes":"{{answer.Text("bytes")}}"}""").Text("text").ShouldBe(answer.Text("text"));
        Ask.Refused("""{"op":"cid","text":"Qm"}""");
    }

    [Fact]
    public void Multiaddr()
    {
        var answer = Ask.Ok("""{"op":"multiaddr","text":"/ip4/127.0.0.1/udp/1234/"}""");
        answer.Text("text").ShouldBe("/ip4/127.0.0.1/udp/1234");
        answer.Text("bytes").ShouldBe("047f000001910204d2");
        Ask.Ok("""{"op":"multiaddr","bytes":"047f000001910204d2"}""").Text("text").ShouldBe("/ip4/127.0.0.1/udp/1234");
        Ask.Refused("""{"op":"multiaddr","text":"/ip4/127.0.0"}""");
    }
}
