namespace Libp2p.Multiformats.Tests.Multiaddrs;

public class MultiaddrEditingTests
{
    private static readonly Multiaddr Ip = Multiaddr.Parse("/ip4/1.2.3.4");

    [Fact]
    public void Addresses_encapsulate() =>
        Ip.Encapsulate(Multiaddr.Parse("/tcp/80/ws")).ShouldBe(Multiaddr.Parse("/ip4/1.2.3.4/tcp/80/ws"));

    [Fact]
    public void Components_append()
    {
        Ip.Append(MultiaddrProtocol.Tcp, "80").Append(MultiaddrProtocol.Ws).ToString().ShouldBe("/ip4/1.2.3.4/tcp/80/ws");
        Ip.Append(MultiaddrProtocol.Udp, [0x00, 0x50]).ToString().ShouldBe("/ip4/1.2.3.4/udp/80");
        Multiaddr.Create(MultiaddrProtocol.P2pCircuit).ToString().ShouldBe("/p2p-circuit");
        Multiaddr.Create(MultiaddrProtocol.Dns4, "example.com").ToString().ShouldBe("/dns4/example.com");
        Multiaddr.Create(MultiaddrProtocol.Ip4, [1, 2, 3, 4]).ShouldBe(Ip);
    }

    [Fact]
    public void Invalid_values_do_not_append()
    {
        Should.Throw<MultiformatException>(() => Ip.Append(MultiaddrProtocol.Tcp, "x")).Message.ShouldContain("/tcp");
        Should.Throw<MultiformatException>(() => Ip.Append(MultiaddrProtocol.Tcp));
        Should.Throw<MultiformatException>(() => Ip.Append(MultiaddrProtocol.Tcp, [1, 2, 3]));
        Should.Throw<MultiformatException>(() => Ip.Append(MultiaddrProtocol.Ws, "x"));
        Should.Throw<MultiformatException>(() => Ip.Append(MultiaddrProtocol.Dns, "a/b"));
        Should.Throw<MultiformatException>(() => Multiaddr.Parse("/unix/a").Append(MultiaddrProtocol.Ws));
        Should.Throw<MultiformatException>(() => Multiaddr.Parse("/unix/a").Encapsulate(Ip));
        Should.Throw<MultiformatException>(() => Ip.Append(MultiaddrProtocol.Dns, new string('a', Multiaddr.MaxLength)));
        Should.Throw<ArgumentException>(() => Ip.Append(default));
    }

    [Theory]
    [InlineData("/ip4/1.2.3.4/tcp/80/ws", "/tcp/80", "/ip4/1.2.3.4")]
    [InlineData("/ip4/1.2.3.4/tcp/80/ws", "/ws", "/ip4/1.2.3.4/tcp/80")]
    [InlineData("/ip4/1.2.3.4/tcp/80/ip4/1.2.3.4/tcp/80", "/ip4/1.2.3.4", "/ip4/1.2.3.4/tcp/80")]
    [InlineData("/ip4/1.2.3.4/tcp/80", "/tcp/81", "/ip4/1.2.3.4/tcp/80")]
    [InlineData("/ip4/1.2.3.4/tcp/80", "/ip4/1.2.3.4", null)]
    [InlineData("/dns/abc/tcp/80", "/tcp/80", "/dns/abc")]
    public void Addresses_decapsulate(string text, string inner, string? expected) =>
        Multiaddr.Parse(text).Decapsulate(Multiaddr.Parse(inner))?.ToString().ShouldBe(expected);

    [Fact]
    public void Decapsulating_looks_at_whole_components()
    {
        // The bytes of /ws (dd03) are inside of the value of /dns.
        var address = Multiaddr.Decode([0x35, 0x03, 0xdd, 0x03, (byte)'a']);

        address.Decapsulate(Multiaddr.Parse("/ws")).ShouldBeSameAs(address);
    }

    [Fact]
    public void Decapsulating_everything_leaves_nothing()
    {
        Ip.Decapsulate(Ip).ShouldBeNull();
        Ip.Decapsulate(MultiaddrProtocol.Ip4).ShouldBeNull();
        Ip.Decapsulate(MultiaddrProtocol.Tcp).ShouldBeSameAs(Ip);
        Multiaddr.Parse("/ws/ip4/1.2.3.4/ws/wss").Decapsulate(MultiaddrProtocol.Ws)!.ToString().ShouldBe("/ws/ip4/1.2.3.4");
    }
}
