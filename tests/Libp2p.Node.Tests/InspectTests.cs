using System.Text.Json.Nodes;
using Libp2p.Multiformats;

namespace Libp2p.Node.Tests;

/// <summary><c>libp2p inspect</c>: whatever it is given, it says what that is, and its parts are all of the bytes.</summary>
public sealed class InspectTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/ip4/1.2.3.4/tcp/4001/p2p/12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq", "multiaddr")]
    [InlineData("/dns4/example.com/udp/443/quic-v1/webtransport", "multiaddr")]
    [InlineData("bafkreie5qrjvaw64n4tjm6hbnm7fnqvcssfed4whsjqxzslbd3jwhsk3mm", "cid")]
    [InlineData("/ipfs/bafkreie5qrjvaw64n4tjm6hbnm7fnqvcssfed4whsjqxzslbd3jwhsk3mm/a/b", "cid")]
    [InlineData("12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq", "peer-id")]
    [InlineData("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N", "peer-id")]
    [InlineData("/ipns/k51qzi5uqu5dlkw8pxuw9qmqayfdeh4kfebhmreauqdc6a7c3y7d5i9fi8mk9w", "peer-id")]
    [InlineData("040102030406 0fa1", null)]
    [InlineData("04010203040fa1", null)]
    [InlineData("0401020304060fa1", "multiaddr")]
    [InlineData("f0401020304060fa1", "multiaddr")]
    [InlineData("BAECAwQGD6E=", "multiaddr")]
    [InlineData("1e20ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "multihash")]
    [InlineData("/nonsense/1", null)]
    [InlineData("nonsense", null)]
    public void A_text_is_told_apart_from_the_others(string text, string? kind)
    {
        if (kind is null) ((string)Run(1, text)["error"]!).ShouldNotBeEmpty();
        else ((string)Whole(Run(0, text))["kind"]!).ShouldBe(kind);
    }

    [Fact]
    public void Keys_are_explained_and_nothing_secret_of_them_shown()
    {
        foreach (var type in Enum.GetValues<KeyType>())
        {
            using var key = PrivateKey.Generate(type);
            var peer = key.PublicKey.PeerId.ToString();
            var shown = Whole(Run(0, Convert.ToBase64String(key.PublicKey.Protobuf.Span)));
            ((string)shown["kind"]!, (string)shown["text"]!).ShouldBe(("public-key", peer));
            ((string)Run(0, key.PublicKey.ToPem())["text"]!).ShouldBe(peer);

            foreach (var text in new[] { Convert.ToHexStringLower(key.ToProtobuf()), new string(key.ToPem()) })
            {
                var (_, output, _) = InProcess.Run("inspect", text);
                output.ShouldContain($"private-key  {peer}");
                output.ShouldNotContain(text[..32]);
                Run(0, text)["bytes"].ShouldBeNull();
            }
        }
    }

    [Fact]
    public void Envelopes_and_records_are_explained_with_what_their_signatures_are_worth()
    {
        using var key = PrivateKey.Generate();
        var peer = key.PublicKey.PeerId;
        var record = new PeerRecord(peer, 7, [Multiaddr.Parse("/ip4/1.2.3.4/tcp/5")]);
        var envelope = Whole(Run(0, Convert.ToHexStringLower(record.Seal(key).Encoded.Span)));
        ((string)envelope["kind"]!).ShouldBe("envelope");
        Notes(envelope).ShouldContain("libp2p-peer-record");
        envelope.ToJsonString().ShouldContain("/ip4/1.2.3.4/tcp/5");

        var other = SignedEnvelope.Seal(key, "mine", "/x"u8, "y"u8).Encoded;
        Notes(Run(0, Convert.ToHexStringLower(other.Span))).ShouldContain("--domain");
        Notes(Run(0, Convert.ToHexStringLower(other.Span), "--domain", "mine")).ShouldContain("'mine'");
        ((string)Whole(Run(0, Convert.ToHexStringLower(record.ToProtobuf())))["kind"]!).ShouldBe("peer-record");

        var ipns = IpnsRecord.Create(key, "/ipfs/bafkqaaa", 3, TimeProvider.System.GetUtcNow().AddDays(1));
        var file = Path.Combine(_folder.Path, "record");
        File.WriteAllBytes(file, ipns.Encoded.ToArray());
        Notes(Whole(Run(0, file))).ShouldContain("--name");
        Notes(Run(0, file, "--name", peer.ToString())).ShouldContain("/ipfs/bafkqaaa");
        File.WriteAllBytes(file, new DhtRecord(RecordKey.OfName(peer), ipns.Encoded).ToProtobuf());
        Notes(Whole(Run(0, file))).ShouldContain("It may stand under its key.");
    }

    [Fact]
    public void What_strangers_wrote_does_not_steer_the_terminal()
    {
        using var key = PrivateKey.Generate();
        var record = IpnsRecord.Create(key, "/ipfs/\u001b[31mred\u202e", 1, TimeProvider.System.GetUtcNow().AddDays(1));

        var (code, output, _) = InProcess.Run("inspect", Convert.ToHexStringLower(record.Encoded.Span), "--name", key.PublicKey.PeerId.ToString());

        code.ShouldBe(0);
        output.ShouldNotContain('\u001b');
        output.ShouldNotContain('\u202e');
    }

    private static string Notes(JsonNode inspection) => string.Join(' ', inspection["notes"]!.AsArray().Select(note => (string)note!));

    // The parts of every level cover their whole without gap and without overlap.
    private static JsonNode Whole(JsonNode inspection)
    {
        if (inspection["bytes"] is { } bytes) Covers(inspection["parts"]!.AsArray(), (string)bytes!, 0);
        return inspection;
    }

    private static void Covers(JsonArray parts, string whole, int start)
    {
        var at = start;
        foreach (var part in parts)
        {
            ((int)part!["offset"]!).ShouldBe(at);
            var hex = (string)part["bytes"]!;
            whole.Substring(2 * (at - start), hex.Length).ShouldBe(hex);
            if (part["parts"] is JsonArray inner)
            {
                var innerStart = (int)inner[0]!["offset"]!;
                Covers(inner, hex[(2 * (innerStart - at))..], innerStart);
            }

            at += hex.Length / 2;
        }

        (at - start).ShouldBe(whole.Length / 2);
    }

    private static JsonNode Run(int expected, params string[] arguments)
    {
        var (code, output, errors) = InProcess.Run(["inspect", "--json", .. arguments]);
        code.ShouldBe(expected, output + errors);
        return JsonNode.Parse(output)!;
    }
}
