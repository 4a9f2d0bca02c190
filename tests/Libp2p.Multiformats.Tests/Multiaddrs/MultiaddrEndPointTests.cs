using System.Net;

namespace Libp2p.Multiformats.Tests.Multiaddrs;

public class MultiaddrEndPointTests
{
    [Theory]
    [InlineData("/ip4/127.0.0.1/tcp/80", "127.0.0.1:80")]
    [InlineData("/ip4/127.0.0.1/udp/80/quic-v1", "127.0.0.1:80")]
    [InlineData("/ip6/::1/tcp/443/tls/ws", "[::1]:443")]
    [InlineData("/ip6zone/3/ip6/fe80::1/tcp/443", "[fe80::1%3]:443")]
    public void Endpoints_are_read(string text, string expected)
    {
        Multiaddr.Parse(text).TryGetIPEndPoint(out var endPoint).ShouldBeTrue();

        endPoint.ShouldBe(IPEndPoint.Parse(expected));
    }

    [Theory]
    [InlineData("/ip4/127.0.0.1")]
    [InlineData("/tcp/80")]
    [InlineData("/dns/localhost/tcp/80")]
    [InlineData("/ip4/127.0.0.1/ws/tcp/80")]
    [InlineData("/ip4/127.0.0.1/ip4/127.0.0.1/tcp/80")]
    [InlineData("/ip4/127.0.0.1/sctp/80")]
    [InlineData("/ip6zone/eth0/ip6/fe80::1/tcp/443")]
    [InlineData("/ip6zone/3/ip4/127.0.0.1/tcp/443")]
    [InlineData("/p2p-circuit")]
    public void Other_addresses_have_none(string text)
    {
        Multiaddr.Parse(text).TryGetIPEndPoint(out var endPoint).ShouldBeFalse();

        endPoint.ShouldBeNull();
    }

    [Theory]
    [InlineData("127.0.0.1:80", "/ip4/127.0.0.1/tcp/80")]
    [InlineData("0.0.0.0:65535", "/ip4/0.0.0.0/tcp/65535")]
    [InlineData("[::1]:0", "/ip6/::1/tcp/0")]
    [InlineData("[::ffff:1.2.3.4]:1", "/ip6/::ffff:1.2.3.4/tcp/1")]
    [InlineData("[fe80::1%3]:443", "/ip6zone/3/ip6/fe80::1/tcp/443")]
    public void Addresses_are_made_of_endpoints(string endPoint, string expected)
    {
        var address = Multiaddr.FromEndPoint(IPEndPoint.Parse(endPoint));

        address.ToString().ShouldBe(expected);
        address.ShouldBe(Multiaddr.Parse(expected));
        address.TryGetIPEndPoint(out var back).ShouldBeTrue();
        back.ShouldBe(IPEndPoint.Parse(endPoint));
    }

    [Fact]
    public void The_transport_is_tcp_or_udp()
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, 5);

        Multiaddr.FromEndPoint(endPoint, MultiaddrProtocol.Udp).ToString().ShouldBe("/ip4/127.0.0.1/udp/5");
        Should.Throw<ArgumentException>(() => Multiaddr.FromEndPoint(endPoint, MultiaddrProtocol.Ws));
    }

    [Fact]
    public void Endpoints_of_names_and_paths_are_those_that_sockets_take()
    {
        Multiaddr.Parse("/ip4/1.2.3.4/tcp/80").ToEndPoint().ShouldBe(new IPEndPoint(IPAddress.Parse("1.2.3.4"), 80));
        Multiaddr.Parse("/dns/example.com/tcp/443/tls/ws").ToEndPoint().ShouldBe(new DnsEndPoint("example.com", 443));
        Multiaddr.Parse("/dns4/example.com/udp/443/quic-v1").ToEndPoint().ShouldBe(new DnsEndPoint("example.com", 443, System.Net.Sockets.AddressFamily.InterNetwork));
        Multiaddr.Parse("/dns6/example.com/tcp/443").ToEndPoint().ShouldBe(new DnsEndPoint("example.com", 443, System.Net.Sockets.AddressFamily.InterNetworkV6));
        Multiaddr.Parse("/unix/tmp/p2p.sock").ToEndPoint().ToString().ShouldBe("/tmp/p2p.sock");
    }

    [Theory]
    [InlineData("/dnsaddr/example.com/tcp/443")]
    [InlineData("/dns/example.com")]
    [InlineData("/dns/example.com/ws/tcp/443")]
    [InlineData("/dns/a/dns/b/tcp/443")]
    [InlineData("/tcp/80")]
    [InlineData("/p2p-circuit")]
    public void Addresses_without_an_endpoint_say_so(string text) => Should.Throw<MultiformatException>(() => Multiaddr.Parse(text).ToEndPoint()).Message.ShouldContain(text);
}
