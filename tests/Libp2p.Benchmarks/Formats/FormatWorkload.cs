using System.Text.Json.Nodes;
using Libp2p.Multiformats;

namespace Libp2p.Benchmarks.Formats;

/// <summary>Something small that is done over and over, here and by a npm package.</summary>
/// <param name="Title">What the table calls it.</param>
/// <param name="Work">What formats-bench.mjs calls it.</param>
/// <param name="Given">What it is done with.</param>
/// <param name="Once">Does it once.</param>
/// <param name="Iterations">How often in one round: enough for a tenth of a second in js.</param>
internal sealed record FormatWorkload(string Title, string Work, JsonObject Given, Action Once, int Iterations)
{
    private static object? _sink;

    public static IReadOnlyList<FormatWorkload> All { get; } = [.. Texts(), .. Keys()];

    private static IEnumerable<FormatWorkload> Texts()
    {
        const int iterations = 20_000;
        const string address = "/ip4/192.0.2.1/udp/4001/quic-v1/p2p/12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq";
        const string peer = "12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq";
        const string cid = "bafkreie5qrjvaw64n4tjm6hbnm7fnqvcssfed4whsjqxzslbd3jwhsk3mm";
        var (addressBytes, peerBytes, cidBytes) = (Multiaddr.Parse(address).Span.ToArray(), PeerId.Parse(peer).Bytes.ToArray(), Cid.Parse(cid).Span.ToArray());
        yield return new("parse a multiaddr", "multiaddr parse", new() { ["text"] = address }, () => _sink = Multiaddr.Parse(address), iterations);
        yield return new("print a multiaddr", "multiaddr print", new() { ["bytes"] = Hex(addressBytes) }, () => _sink = Multiaddr.Decode(addressBytes).ToString(), iterations);
        yield return new("parse a peer id", "peer id parse", new() { ["text"] = peer }, () => _sink = PeerId.Parse(peer), iterations);
        yield return new("print a peer id", "peer id print", new() { ["bytes"] = Hex(peerBytes) }, () => _sink = PeerId.FromBytes(peerBytes).ToString(), iterations);
        yield return new("parse a CID", "cid parse", new() { ["text"] = cid }, () => _sink = Cid.Parse(cid), iterations);
        yield return new("print a CID", "cid print", new() { ["bytes"] = Hex(cidBytes) }, () => _sink = Cid.Decode(cidBytes).ToString(), iterations);
    }

    private static IEnumerable<FormatWorkload> Keys()
    {
        foreach (var type in Enum.GetValues<KeyType>())
        {
            var key = PrivateKey.Generate(type);
            var message = new byte[128];
            var signature = key.Sign(message);
            yield return new(
                $"check a signature, {type}",
                "verify",
                new() { ["key"] = Hex(key.PublicKey.Protobuf.Span), ["message"] = Hex(message), ["signature"] = Hex(signature) },
                () => _sink = key.PublicKey.Verify(message, signature),
                500);
            yield return new($"sign, {type}", "sign", new() { ["key"] = Hex(key.ToProtobuf()), ["message"] = Hex(message) }, () => _sink = key.Sign(message), type == KeyType.Rsa ? 100 : 300);
        }
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
