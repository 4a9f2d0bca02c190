namespace Libp2p.Multiformats.Tests.Multiaddrs;

public class MultiaddrComponentTests
{
    private static readonly Multiaddr Address = Multiaddr.Parse("/ip4/127.0.0.1/tcp/4001/ws/p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC");

    [Fact]
    public void Components_come_in_order_with_bytes_and_text()
    {
        Address.Components.Select(c => c.Protocol).ShouldBe([MultiaddrProtocol.Ip4, MultiaddrProtocol.Tcp, MultiaddrProtocol.Ws, MultiaddrProtocol.P2p]);
        Address.Components.Select(c => c.Text).ShouldBe(["127.0.0.1", "4001", "", "QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC"]);
        Address.Components.Select(c => c.ToString()).ShouldBe(["/ip4/127.0.0.1", "/tcp/4001", "/ws", "/p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC"]);
        var tcp = Address.Components.ElementAt(1);
        tcp.Value.ToArray().ShouldBe([0x0f, 0xa1]);
        tcp.ValueMemory.ToArray().ShouldBe([0x0f, 0xa1]);
        tcp.Span.ToArray().ShouldBe([0x06, 0x0f, 0xa1]);
        tcp.ShouldBe(Multiaddr.Parse("/tcp/4001").Components.Single());
        (tcp != Address.Components.First()).ShouldBeTrue();
        default(MultiaddrComponent).ToString().ShouldBe("");
    }

    [Fact]
    public void Enumerating_does_not_allocate()
    {
        Walk().ShouldBe(4 + 2 + 34);

        var length = 0;
        Allocations.LeastOf(() => length = Walk()).ShouldBe(0);
        length.ShouldBe(4 + 2 + 34);

        static int Walk()
        {
            var length = 0;
            foreach (var component in Address.Components)
            {
                length += component.Value.Length;
            }

            return Address.TryGet(MultiaddrProtocol.P2p, out _) ? length : 0;
        }
    }

    [Fact]
    public void Protocols_are_found()
    {
        Address.TryGet(MultiaddrProtocol.Tcp, out var tcp).ShouldBeTrue();
        tcp.Text.ShouldBe("4001");
        Address.TryGet(MultiaddrProtocol.Udp, out _).ShouldBeFalse();
        Address.Has(MultiaddrProtocol.Ws).ShouldBeTrue();
        Address.Has(MultiaddrProtocol.Tls).ShouldBeFalse();
    }

    [Fact]
    public void Protocols_compare_by_code()
    {
        MultiaddrProtocol.TryGet(6, out var tcp).ShouldBeTrue();
        (tcp == MultiaddrProtocol.Tcp).ShouldBeTrue();
        (tcp != MultiaddrProtocol.Udp).ShouldBeTrue();
        tcp.Equals((object)MultiaddrProtocol.Tcp).ShouldBeTrue();
        tcp.ToString().ShouldBe("tcp");
        tcp.Size.ShouldBe(16);
        MultiaddrProtocol.Memory.Size.ShouldBe(64);
        MultiaddrProtocol.Dns.Size.ShouldBe(-1);
        MultiaddrProtocol.Ws.Size.ShouldBe(0);
        MultiaddrProtocol.TryGet(7, out var none).ShouldBeFalse();
        MultiaddrProtocol.TryGet(ulong.MaxValue, out _).ShouldBeFalse();
        none.IsNone.ShouldBeTrue();
        none.ShouldBe(default);
        MultiaddrProtocol.TryGet("ipfs", out var ipfs).ShouldBeTrue();
        ipfs.ShouldBe(MultiaddrProtocol.P2p);
    }

    [Fact]
    public void The_trailing_peer_id_is_found_and_removed()
    {
        Address.PeerIdBytes.ToArray().ShouldBe(Base58.Decode("QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC"));
        Address.WithoutPeerId()!.ToString().ShouldBe("/ip4/127.0.0.1/tcp/4001/ws");

        var relayed = Address.Append(MultiaddrProtocol.P2pCircuit);
        relayed.PeerIdBytes.IsEmpty.ShouldBeTrue();
        relayed.WithoutPeerId().ShouldBeSameAs(relayed);
        Multiaddr.Parse("/p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC").WithoutPeerId().ShouldBeNull();
    }
}
