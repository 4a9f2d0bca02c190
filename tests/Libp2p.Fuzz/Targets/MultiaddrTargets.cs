using System.Text;
using Libp2p.Multiformats;

namespace Libp2p.Fuzz.Targets;

/// <summary>Binary addresses: what is taken has a canonical text that means the same bytes, and its parts make up the whole.</summary>
internal sealed class MultiaddrBinaryTarget() : FuzzTarget("multiaddr-binary")
{
    public override IEnumerable<byte[]> Seeds => MultiaddrTextTarget.Texts.Select(text => Multiaddr.Parse(text).Bytes.ToArray());

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (!Multiaddr.TryDecode(input, out var address, out var error))
        {
            Property.Holds(!string.IsNullOrEmpty(error), "refused without a reason");
            return;
        }

        Property.Same(address.Span, input, "not the bytes that were read");
        MultiaddrTextTarget.Check(address);
    }
}

/// <summary>Addresses as text: canonical form, round trips.</summary>
internal sealed class MultiaddrTextTarget() : FuzzTarget("multiaddr-text")
{
    public static readonly string[] Texts =
    [
        "/ip4/127.0.0.1/tcp/4001", "/ip6/fe80::1/udp/1/quic-v1", "/ip6zone/eth0/ip6/fe80::1/tcp/1", "/dns4/example.com/tcp/443/tls/ws", "/unix/tmp/a.sock",
        "/ip4/1.2.3.4/tcp/1/p2p/12D3KooWEZXjE41uU4EL2gpkAQeDXYok6wghN7wwNVPF5bwkaNfS/p2p-circuit", "/dnsaddr/x/http-path/a%2Fb",
        "/onion3/vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:1234", "/ip4/1.2.3.4/udp/1/webrtc-direct/certhash/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g",
        "/memory/1", "/ip4/10.0.0.0/ipcidr/8", "/ip4/1.2.3.4/tls/sni/a.b/http",
    ];

    public override IEnumerable<byte[]> Seeds => Texts.Select(Encoding.UTF8.GetBytes);

    public override IReadOnlyList<byte[]> Dictionary { get; } =
    [
        .. new[] { "/ip4/", "/ip6/", "/ip6zone/", "/dns/", "/dns4/", "/dns6/", "/dnsaddr/", "/tcp/", "/udp/", "/quic-v1", "/p2p/", "/p2p-circuit", "/ws", "/wss", "/tls", "/sni/", "/unix/",
            "/http-path/", "/certhash/", "/webrtc-direct", "/webtransport", "/onion/", "/onion3/", "/garlic64/", "/garlic32/", "/memory/", "/ipcidr/", "/noise", "%2F", "%00", "::", "::ffff:1.2.3.4" }.Select(Encoding.UTF8.GetBytes),
    ];

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (!Multiaddr.TryParse(Encoding.UTF8.GetString(input), out var address, out var error))
        {
            Property.Holds(!string.IsNullOrEmpty(error), "refused without a reason");
            return;
        }

        Property.Holds(Multiaddr.TryDecode(address.Span, out var decoded, out error), $"{address} does not decode: {error}");
        Property.Holds(decoded == address && decoded.GetHashCode() == address.GetHashCode(), "two values for the same bytes");
        Check(address);
    }

    public static void Check(Multiaddr address)
    {
        var text = address.ToString();
        if (!text.Contains('\ufffd') && !text.EndsWith('/'))
        {
            // Documented: names that are no UTF-8 show as U+FFFD and do not come back, and slashes at the end of a text (here: of a path) are ignored.
            Property.Holds(Multiaddr.TryParse(text, out var parsed, out var error), $"its own text is refused: {error}");
            Property.Holds(parsed.Span.SequenceEqual(address.Span), $"its text {text} means other bytes: {parsed}");
            Property.Holds(parsed.ToString() == text, $"the text {text} is not canonical: {parsed}");
        }

        var (length, count, texts) = (0, 0, 0);
        foreach (var component in address.Components)
        {
            Property.Holds(address.TryGet(component.Protocol, out _), "a component is not found");
            length += component.Span.Length;
            texts += component.ToString().Length;
            count++;
        }

        Property.Holds(length == address.Span.Length && texts == text.Length, "the components are not the whole");
        Property.Holds(count is > 0 and <= Multiaddr.MaxComponents, $"{count} components");
        _ = (address.IsLoopback, address.IsPrivate, address.IsGlobalUnicast, address.IsLinkLocal, address.IsResolvable, address.IsUnspecified);
        if (address.TryGetIPEndPoint(out var endPoint))
        {
            Property.Holds(Multiaddr.FromEndPoint(endPoint).TryGetIPEndPoint(out var same) && same.Equals(endPoint), "an endpoint does not survive");
        }

        if (!address.PeerIdBytes.IsEmpty)
        {
            _ = address.WithoutPeerId();
        }
    }
}
