namespace Libp2p.Multiformats.Tests.Multiaddrs;

public class MultiaddrClassificationTests
{
    [Theory]
    [InlineData("/ip4/127.0.0.1/tcp/1", "loopback")]
    [InlineData("/ip4/127.255.255.255", "loopback")]
    [InlineData("/ip6/::1", "loopback")]
    [InlineData("/ip6/::ffff:127.0.0.1", "loopback")]
    [InlineData("/ip4/0.0.0.0/tcp/0", "unspecified")]
    [InlineData("/ip6/::/udp/0", "unspecified")]
    [InlineData("/ip4/169.254.1.1", "link-local")]
    [InlineData("/ip6zone/eth0/ip6/fe80::1", "link-local")]
    [InlineData("/ip6/febf::1", "link-local")]
    [InlineData("/ip4/10.1.2.3", "private")]
    [InlineData("/ip4/172.16.0.1", "private")]
    [InlineData("/ip4/172.31.255.255", "private")]
    [InlineData("/ip4/192.168.0.1", "private")]
    [InlineData("/ip4/100.64.0.1", "private")]
    [InlineData("/ip6/fc00::1", "private")]
    [InlineData("/ip6/fdff::1", "private")]
    [InlineData("/ip6/64:ff9b::10.0.0.1", "private")]
    [InlineData("/ip4/1.1.1.1", "global")]
    [InlineData("/ip4/172.15.255.255", "global")]
    [InlineData("/ip4/172.32.0.0", "global")]
    [InlineData("/ip4/100.63.255.255", "global")]
    [InlineData("/ip4/100.128.0.0", "global")]
    [InlineData("/ip4/192.1.0.1", "global")]
    [InlineData("/ip4/198.17.255.255", "global")]
    [InlineData("/ip4/223.255.255.255", "global")]
    [InlineData("/ip6/2606:4700::1111/udp/1/quic-v1", "global")]
    [InlineData("/ip6/64:ff9b::1.1.1.1", "global")]
    [InlineData("/ip4/0.1.2.3", "none")]
    [InlineData("/ip4/192.0.2.1", "none")]
    [InlineData("/ip4/198.18.0.1", "none")]
    [InlineData("/ip4/198.51.100.1", "none")]
    [InlineData("/ip4/203.0.113.1", "none")]
    [InlineData("/ip4/224.0.0.251", "none")]
    [InlineData("/ip4/255.255.255.255", "none")]
    [InlineData("/ip6/ff02::fb", "none")]
    [InlineData("/ip6/2001:db8::1", "none")]
    [InlineData("/ip6/4000::1", "none")]
    [InlineData("/dns/localhost/tcp/1", "none")]
    [InlineData("/tcp/1/ip4/127.0.0.1", "none")]
    [InlineData("/p2p-circuit", "none")]
    public void Addresses_have_one_class(string text, string expected)
    {
        var address = Multiaddr.Parse(text);

        address.IsLoopback.ShouldBe(expected == "loopback");
        address.IsUnspecified.ShouldBe(expected == "unspecified");
        address.IsLinkLocal.ShouldBe(expected == "link-local");
        address.IsPrivate.ShouldBe(expected == "private");
        address.IsGlobalUnicast.ShouldBe(expected == "global");
    }

    [Theory]
    [InlineData("/dns/example.com/tcp/1", true)]
    [InlineData("/dns4/example.com", true)]
    [InlineData("/dns6/example.com", true)]
    [InlineData("/dnsaddr/example.com", true)]
    [InlineData("/ip4/1.2.3.4/tcp/1", false)]
    [InlineData("/p2p-circuit/dns/example.com", false)]
    public void Names_are_resolvable(string text, bool expected) => Multiaddr.Parse(text).IsResolvable.ShouldBe(expected);
}
