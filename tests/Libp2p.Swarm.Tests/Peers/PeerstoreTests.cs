using System.Collections.Immutable;
using System.Net;
using Libp2p.Multiformats;
using Libp2p.Swarm.Peers;
using Libp2p.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Libp2p.Swarm.Tests.Peers;

public class PeerstoreTests
{
    private static readonly PeerId Alice = TestIdentity.Get(1).PeerId;
    private static readonly PeerId Bob = TestIdentity.Get(2).PeerId;
    private readonly FakeTimeProvider _clock = new();
    private readonly Peerstore _peers;

    public PeerstoreTests() => _peers = New(new PeerstoreOptions { MaxPeers = 3 });

    [Fact]
    public void Adding_is_idempotent_and_strips_the_peer_id()
    {
        _peers.AddAddresses(Alice, [Tcp(1), Tcp(1), Tcp(1).Append(MultiaddrProtocol.P2p, Alice.ToString())], TimeSpan.FromMinutes(1));
        AddressesOf(Alice).ShouldBe([Tcp(1)]);
        _peers.AddAddresses(Alice, [Tcp(2).Append(MultiaddrProtocol.P2p, Bob.ToString())], TimeSpan.FromMinutes(1));
        AddressesOf(Alice).ShouldBe([Tcp(1)]);
    }

    [Fact]
    public void Peers_are_listed_as_they_came()
    {
        var peers = New(new PeerstoreOptions { MaxPeers = 100, MaxAddressesPerPeer = 1 });
        var came = Enumerable.Range(1, 100).Select(static number => TestIdentity.Get((byte)number).PeerId).ToArray();
        foreach (var peer in came) peers.AddAddresses(peer, [Tcp(1)], TimeSpan.FromMinutes(1));
        peers.Peers.ShouldBe(came);
    }

    [Fact]
    public void Life_is_extended_and_never_shortened()
    {
        _peers.AddAddresses(Alice, [Tcp(1)], TimeSpan.FromMinutes(10));
        _peers.AddAddresses(Alice, [Tcp(1)], TimeSpan.FromMinutes(1));
        _peers.AddAddresses(Alice, [Tcp(2)], TimeSpan.FromMinutes(1));
        _peers.AddAddresses(Alice, [Tcp(3)], TimeSpan.Zero);
        _clock.Advance(TimeSpan.FromMinutes(2));
        AddressesOf(Alice).ShouldBe([Tcp(1)]);
        _clock.Advance(TimeSpan.FromMinutes(9));
        _peers.TryGet(Alice, out _).ShouldBeFalse();
        _peers.Peers.ShouldBeEmpty();
    }

    [Fact]
    public void Row43_keeps_the_64_addresses_that_live_longest()
    {
        for (var port = 1; port <= 200; port++)
        {
            _peers.AddAddresses(Alice, [Tcp(port)], TimeSpan.FromMinutes(port));
        }

        AddressesOf(Alice).ShouldBe(Enumerable.Range(137, 64).Select(Tcp));
        _peers.AddAddresses(Alice, [Tcp(1)], TimeSpan.FromMinutes(1));
        AddressesOf(Alice).ShouldNotContain(Tcp(1));
    }

    [Fact]
    public void Row43_keeps_so_many_peers_and_makes_room_for_new_ones_when_old_ones_expire()
    {
        for (byte number = 1; number <= 5; number++)
        {
            _peers.AddAddresses(TestIdentity.Get(number).PeerId, [Tcp(number)], TimeSpan.FromMinutes(number));
        }

        _peers.Peers.Count.ShouldBe(3);
        _peers.TryGet(TestIdentity.Get(5).PeerId, out _).ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMinutes(2));
        _peers.AddAddresses(TestIdentity.Get(5).PeerId, [Tcp(5)], TimeSpan.FromMinutes(5));
        _peers.TryGet(TestIdentity.Get(5).PeerId, out _).ShouldBeTrue();
    }

    [Fact]
    public void Row42_newer_record_replaces_the_older_and_older_ones_are_ignored()
    {
        _peers.AddAddresses(Alice, [Tcp(9)], TimeSpan.FromHours(1));
        _peers.ConsumeRecord(new PeerRecord(Alice, 5, [Tcp(1), Tcp(2)]), TimeSpan.FromHours(1)).ShouldBeTrue();
        _peers.ConsumeRecord(new PeerRecord(Alice, 5, [Tcp(3)]), TimeSpan.FromHours(1)).ShouldBeFalse();
        _peers.ConsumeRecord(new PeerRecord(Alice, 4, [Tcp(3)]), TimeSpan.FromHours(1)).ShouldBeFalse();
        AddressesOf(Alice).ShouldBe([Tcp(9), Tcp(1), Tcp(2)]);
        _peers.ConsumeRecord(new PeerRecord(Alice, 6, [Tcp(2), Tcp(3)]), TimeSpan.FromHours(1)).ShouldBeTrue();
        AddressesOf(Alice).ShouldBe([Tcp(9), Tcp(2), Tcp(3)]);
    }

    [Fact]
    public void Protocols_are_learnt_replaced_unlearnt_and_removed_with_the_peer()
    {
        _peers.Update(new IdentifyInfo { PeerId = Alice, Protocols = ["/a/1", "/b/1"], AgentVersion = "x/1" });
        _peers.Speaks(Alice, "/a/1").ShouldBeTrue();
        _peers.Speaks(Bob, "/a/1").ShouldBeFalse();
        _peers.Unlearn(Alice, "/a/1");
        _peers.Speaks(Alice, "/a/1").ShouldBeFalse();
        _peers.TryGet(Alice, out var info).ShouldBeTrue();
        info!.AgentVersion.ShouldBe("x/1");
        info.Protocols.ShouldBe(["/b/1"]);
        info.PublicKey.ShouldBe(TestIdentity.Get(1).PublicKey);
        foreach (var peer in _peers.Peers) _peers.Remove(peer);
        _peers.TryGet(Alice, out _).ShouldBeFalse();
    }

    [Fact]
    public void Wildcards_become_the_addresses_of_the_interfaces()
    {
        ImmutableArray<IPAddress> local = [IPAddress.Loopback, IPAddress.Parse("10.1.2.3"), IPAddress.IPv6Loopback, IPAddress.Parse("fe80::1")];
        Expand("/ip4/0.0.0.0/tcp/4001").ShouldBe(["/ip4/127.0.0.1/tcp/4001", "/ip4/10.1.2.3/tcp/4001"]);
        Expand("/ip6/::/udp/1/quic-v1").ShouldBe(["/ip6/::1/udp/1/quic-v1"]);
        Expand("/ip4/10.9.9.9/tcp/1").ShouldBe(["/ip4/10.9.9.9/tcp/1"]);
        IEnumerable<string> Expand(string text) => AddressRules.Expand(Multiaddr.Parse(text), local).Select(static address => address.ToString());
    }

    private Peerstore New(PeerstoreOptions options) => new(new NodeRuntime { Time = _clock, Network = TestRuntime.Fake().Node.Network }, options);

    private static Multiaddr Tcp(int port) => Multiaddr.Parse($"/ip4/1.2.3.4/tcp/{port}");

    private ImmutableArray<Multiaddr> AddressesOf(PeerId peer) => _peers.TryGet(peer, out var info) ? info.Addresses : [];
}
