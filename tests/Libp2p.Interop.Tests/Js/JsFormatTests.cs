using System.Text.Json.Nodes;
using Libp2p.Multiformats;

namespace Libp2p.Interop.Tests.Js;

/// <summary>Formats, both ways on random values: what js makes is read here as js means it, and what is made here is read by js.</summary>
public sealed class JsFormatTests(JsFormats js) : IClassFixture<JsFormats>
{
    private const int Rounds = 200;

    private readonly Random _random = new(20261125);

    [Fact]
    public async Task Every_multibase_of_js_encodes_and_decodes_as_ours()
    {
        foreach (var name in (await js.AskAsync("multibases")).AsArray().Select(name => (string)name!))
        {
            Multibase.TryGetEncoding(name, out var encoding).ShouldBeTrue(name);
            for (var round = 0; round < 20; round++)
            {
                // js cannot tell leading zero bytes of a number from none where there is nothing else.
                var bytes = Bytes(1 + round);
                var text = Multibase.Encode(encoding, bytes);
                ((string)(await js.AskAsync("encode", new() { ["base"] = name, ["bytes"] = Hex(bytes) }))!).ShouldBe(text);
                ((string)(await js.AskAsync("decode", new() { ["base"] = name, ["text"] = text }))!).ShouldBe(Hex(bytes));
                Multibase.Decode(text, out var read).ShouldBe(bytes);
                read.ShouldBe(encoding);
            }
        }
    }

    [Fact]
    public async Task Cids_are_the_same_both_ways_in_every_base()
    {
        Multicodec[] codecs = [Multicodec.Raw, Multicodec.DagPb, Multicodec.DagCbor, Multicodec.Libp2pKey, (Multicodec)0x300001];
        Multicodec[] hashes = [Multicodec.Identity, Multicodec.Sha2_256, Multicodec.Sha2_512, Multicodec.Blake2b256];
        for (var round = 0; round < Rounds; round++)
        {
            var version = round % 5 == 0 ? 0 : 1;
            var (codec, hash) = version == 0 ? (Multicodec.DagPb, Multicodec.Sha2_256) : (codecs[round % codecs.Length], hashes[round % hashes.Length]);
            var digest = Bytes(version == 0 ? 32 : 1 + (round % 64));
            var theirs = await js.AskAsync("cid", new() { ["version"] = version, ["codec"] = (ulong)codec, ["hash"] = (ulong)hash, ["digest"] = Hex(digest) });
            var ours = Cid.Create(codec, Multihash.Create(hash, digest));
            ours = version == 0 ? ours.ToV0() : ours;

            Hex(ours.Span).ShouldBe((string)theirs["bytes"]!);
            foreach (var (name, text) in theirs["texts"]!.AsObject())
            {
                Cid.Parse((string)text!).ShouldBe(ours);
                Multibase.TryGetEncoding(name, out var encoding).ShouldBeTrue();
                ours.ToString(encoding).ShouldBe((string)text!);
                Hex(Convert.FromHexString((string)(await js.AskAsync("parseCid", new() { ["text"] = ours.ToString(encoding), ["base"] = name }))["bytes"]!)).ShouldBe(Hex(ours.Span));
            }
        }
    }

    [Fact]
    public async Task Multiaddrs_are_the_same_both_ways()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var ours = Address(round);
            var fromText = await js.AskAsync("multiaddr", new() { ["text"] = ours.ToString() });
            var fromBytes = await js.AskAsync("multiaddr", new() { ["bytes"] = Hex(ours.Span) });

            foreach (var theirs in new[] { fromText, fromBytes })
            {
                ((string)theirs["bytes"]!).ShouldBe(Hex(ours.Span), ours.ToString());
                Multiaddr.Parse((string)theirs["text"]!).ShouldBe(ours);
                theirs["components"]!.AsArray().Select(component => (ulong)component!["code"]!).ShouldBe(ours.Components.Select(component => (ulong)component.Protocol.Code));
            }
        }
    }

    [Fact]
    public async Task Peer_ids_are_read_in_every_form()
    {
        for (var round = 0; round < 20; round++)
        {
            using var key = PrivateKey.Generate(round % 2 == 0 ? KeyType.Ed25519 : KeyType.Secp256k1);
            var peer = key.PublicKey.PeerId;
            foreach (var text in new[] { peer.ToString(), peer.ToCidString(), peer.ToCid().ToString(MultibaseEncoding.Base36) })
            {
                ((string)(await js.AskAsync("peerId", new() { ["text"] = text }))!).ShouldBe(Hex(peer.Bytes));
            }
        }
    }

    // js writes ECDSA keys in a form of its own, not the PKIX of the specification; OpenSSL's and go's are in the vectors.
    [Theory]
    [InlineData("Ed25519", null)]
    [InlineData("secp256k1", null)]
    [InlineData("RSA", 2048)]
    [InlineData("RSA", 4096)]
    public async Task Keys_and_signatures_go_both_ways(string type, int? bits)
    {
        for (var round = 0; round < (bits is null ? 8 : 2); round++)
        {
            var theirs = await js.AskAsync("makeKey", new() { ["type"] = type, ["bits"] = bits });
            Check(theirs);

            using var ours = bits is { } size ? PrivateKey.GenerateRsa(size) : PrivateKey.Generate(Enum.Parse<KeyType>(type, ignoreCase: true));
            var read = await js.AskAsync("readKey", new() { ["bytes"] = Hex(ours.ToProtobuf()) });
            ((string)read["public"]!).ShouldBe(Hex(ours.PublicKey.Protobuf.Span));
            Check(read);
            var message = Bytes(100);
            ((bool)(await js.AskAsync("verify", new() { ["key"] = Hex(ours.PublicKey.Protobuf.Span), ["message"] = Hex(message), ["signature"] = Hex(ours.Sign(message)) }))).ShouldBeTrue();
        }

        static void Check(JsonNode theirs)
        {
            using var key = PrivateKey.FromProtobuf(Convert.FromHexString((string)theirs["private"]!));
            var publicKey = PublicKey.FromProtobuf(Convert.FromHexString((string)theirs["public"]!));
            key.PublicKey.ShouldBe(publicKey);
            publicKey.Verify(Convert.FromHexString((string)theirs["message"]!), Convert.FromHexString((string)theirs["signature"]!)).ShouldBeTrue();
            publicKey.PeerId.ToString().ShouldBe((string)theirs["peer"]!);
            publicKey.PeerId.ToCid().ShouldBe(Cid.Parse((string)theirs["cid"]!));
        }
    }

    [Theory]
    [InlineData(KeyType.Ed25519)]
    [InlineData(KeyType.Secp256k1)]
    [InlineData(KeyType.Rsa)]
    public async Task Ipns_records_go_both_ways(KeyType type)
    {
        using var key = PrivateKey.Generate(type);
        var name = key.PublicKey.PeerId;
        foreach (var older in new[] { true, false })
        {
            var value = $"/ipfs/{Cid.Create(Multicodec.Raw, Multihash.Sum(Multicodec.Sha2_256, Bytes(10)))}";
            var theirs = Convert.FromHexString((string)(await js.AskAsync("makeIpns", new() { ["key"] = Hex(key.ToProtobuf()), ["value"] = value, ["sequence"] = "7", ["lifetime"] = 3_600_000, ["older"] = older }))!);
            var read = IpnsRecord.Open(name, theirs);
            (read.ValueText, read.Sequence, read.IsValidAt(TimeProvider.System.GetUtcNow())).ShouldBe((value, 7UL, true));

            var ours = IpnsRecord.Create(key, value, 8, TimeProvider.System.GetUtcNow().AddHours(2), TimeSpan.FromMinutes(3), older);
            var seen = await js.AskAsync("readIpns", new() { ["name"] = name.ToString(), ["bytes"] = Hex(ours.Encoded.Span) });
            ((string)seen["value"]!, (string)seen["sequence"]!, (string)seen["validity"]!, (string)seen["ttl"]!).ShouldBe((value, "8", ours.ValidityText, "180000000000"));

            // Both prefer the same of two.
            var records = new JsonArray(Hex(theirs), Hex(ours.Encoded.Span));
            ((int)(await js.AskAsync("selectIpns", new() { ["name"] = name.ToString(), ["records"] = records }))).ShouldBe(1);
            new RecordValidators(RecordValidators.Standard).Select(RecordKey.OfName(name), [theirs, ours.Encoded]).ShouldBe(1);
        }

        var expired = IpnsRecord.Create(key, "/ipfs/bafkqaaa", 1, TimeProvider.System.GetUtcNow().AddHours(-1));
        (await js.TryAsync("readIpns", new() { ["name"] = name.ToString(), ["bytes"] = Hex(expired.Encoded.Span) })).Error.ShouldNotBeNull();
    }

    private Multiaddr Address(int round)
    {
        var host = (round % 4) switch
        {
            0 => $"/ip4/{string.Join('.', Bytes(4))}",
            1 => $"/ip6/{new System.Net.IPAddress(Bytes(16))}",
            2 => $"/dns4/{(char)('a' + (round % 26))}{round}.example.com",
            _ => $"/dns/x{round}.example.org",
        };
        var port = _random.Next(1, 65536);
        var transport = (round % 5) switch
        {
            0 => $"/tcp/{port}",
            1 => $"/udp/{port}/quic-v1",
            2 => $"/tcp/{port}/tls/ws",
            3 => $"/udp/{port}/quic-v1/webtransport/certhash/{Multibase.Encode(MultibaseEncoding.Base64Url, Multihash.Create(Multicodec.Sha2_256, Bytes(32)).Span)}",
            _ => $"/udp/{port}/webrtc-direct",
        };
        var peer = Base58.Encode([0, 36, 8, 1, 18, 32, .. Bytes(32)]);
        var tail = (round % 3) switch { 0 => "", 1 => $"/p2p/{peer}", _ => $"/p2p/{peer}/p2p-circuit" };
        return Multiaddr.Parse(host + transport + tail);
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
