using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Peers;

/// <summary>Row 43, and what connected peers have of it.</summary>
public class PeerstoreBoundTests
{
    private static readonly PeerId Alice = TestIdentity.Get(1).PeerId;
    private readonly PeerWorld _world = new();

    [Fact]
    public void Row43_random_signed_records_end_at_100_000_peers()
    {
        var peers = _world.New();
        var kept = Enumerable.Range(0, 100_500).Count(n => peers.ConsumeRecord(new PeerRecord(PeerWorld.Numbered(n), 1, [PeerWorld.Tcp(1)]), TimeSpan.FromHours(1)));
        kept.ShouldBe(100_000);
        peers.Peers.Count.ShouldBe(100_000);
        peers.Connected(Alice);
        peers.AddAddresses(Alice, [PeerWorld.Tcp(2)], TimeSpan.FromMinutes(1));
        peers.TryGet(Alice, out var info).ShouldBeTrue("a peer that is connected is never too much");
        info!.Addresses.ShouldBe([PeerWorld.Tcp(2)]);
        peers.Peers.Count.ShouldBeLessThanOrEqualTo(100_000);
    }

    [Fact]
    public void Row43_addresses_of_peers_that_are_not_connected_are_bounded_over_all()
    {
        new PeerstoreOptions().MaxUnconnectedAddresses.ShouldBe(1_000_000);
        var peers = _world.New(new PeerstoreOptions { MaxUnconnectedAddresses = 1000 });
        peers.Connected(Alice);
        for (var n = 0; n < 100; n++) peers.AddAddresses(PeerWorld.Numbered(n), Enumerable.Range(1, 20).Select(PeerWorld.Tcp), TimeSpan.FromHours(1));
        peers.Budget.Unconnected.ShouldBe(1000);
        peers.AddAddresses(Alice, Enumerable.Range(1, 64).Select(PeerWorld.Tcp), TimeSpan.FromHours(2));
        peers.Budget.Unconnected.ShouldBe(1000, "those of connected peers do not count");
        peers.TryGet(Alice, out var alice).ShouldBeTrue();
        alice!.Addresses.Length.ShouldBe(64);
        alice.IsConnected.ShouldBeTrue();

        _world.Clock.Advance(TimeSpan.FromHours(1));
        peers.AddAddresses(PeerWorld.Numbered(1000), [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        peers.TryGet(PeerWorld.Numbered(1000), out _).ShouldBeTrue("what has expired makes room");
        peers.Budget.Unconnected.ShouldBe(1);
        peers.Disconnected(Alice);
        peers.Budget.Unconnected.ShouldBe(65);
    }

    [Fact]
    public void Connected_peers_are_not_pushed_out_and_the_oldest_others_give_way()
    {
        var peers = _world.New(new PeerstoreOptions { MaxPeers = 10 });
        for (var n = 0; n < 10; n++) peers.AddAddresses(PeerWorld.Numbered(n), [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        peers.Connected(PeerWorld.Numbered(0));
        for (var n = 20; n < 29; n++)
        {
            peers.Connected(PeerWorld.Numbered(n));
            peers.AddAddresses(PeerWorld.Numbered(n), [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        }

        peers.Peers.ShouldBe([PeerWorld.Numbered(0), .. Enumerable.Range(20, 9).Select(PeerWorld.Numbered)]);
        peers.AddAddresses(PeerWorld.Numbered(99), [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        peers.TryGet(PeerWorld.Numbered(99), out _).ShouldBeFalse();
        peers.Connected(PeerWorld.Numbered(99));
        peers.AddAddresses(PeerWorld.Numbered(99), [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        peers.TryGet(PeerWorld.Numbered(99), out _).ShouldBeTrue("more connections than peers are another limit's");
    }

    [Fact]
    public void A_peer_of_which_nothing_is_known_goes_with_its_last_connection()
    {
        var peers = _world.New(new PeerstoreOptions { MaxPeers = 1 });
        peers.Connected(Alice);
        peers.Connected(Alice);
        peers.TryGet(Alice, out _).ShouldBeFalse();
        peers.Disconnected(Alice);
        peers.AddAddresses(PeerWorld.Numbered(1), [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        peers.TryGet(PeerWorld.Numbered(1), out _).ShouldBeFalse("it is connected still");
        peers.Disconnected(Alice);
        peers.AddAddresses(PeerWorld.Numbered(1), [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        peers.TryGet(PeerWorld.Numbered(1), out _).ShouldBeTrue();
        peers.Disconnected(Alice);
    }

    [Fact]
    public void A_connected_peer_that_is_removed_keeps_its_connections_and_its_place()
    {
        var peers = _world.New();
        peers.Connected(Alice);
        peers.AddAddresses(Alice, [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        peers.Remove(Alice);
        peers.TryGet(Alice, out _).ShouldBeFalse();
        peers.AddAddresses(Alice, [PeerWorld.Tcp(2)], TimeSpan.FromHours(1));
        peers.Budget.Unconnected.ShouldBe(0);
        peers.Disconnected(Alice);
        peers.Budget.Unconnected.ShouldBe(1);
        peers.Remove(Alice);
        peers.Budget.Unconnected.ShouldBe(0);
    }

    [Fact]
    public async Task Whatever_is_done_at_once_the_counts_are_right_in_the_end()
    {
        var peers = _world.New(new PeerstoreOptions { MaxPeers = 20, MaxUnconnectedAddresses = 100, MaxAddressesPerPeer = 8 });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 5000; i++)
            {
                var peer = PeerWorld.Numbered(random.Next(40));
                switch (random.Next(6))
                {
                    case 0: peers.Remove(peer); break;
                    case 1: peers.SetAddresses(peer, [PeerWorld.Tcp(random.Next(1, 20))], TimeSpan.Zero); break;
                    case 2:
                        peers.Connected(peer);
                        peers.Update(new IdentifyInfo { PeerId = peer, AgentVersion = $"{i}", Protocols = [$"/p/{i}"] });
                        peers.Disconnected(peer);
                        break;
                    case 3: peers.ConsumeRecord(new PeerRecord(peer, (ulong)i, [PeerWorld.Tcp(random.Next(1, 20))]), TimeSpan.FromHours(1)); break;
                    default: peers.AddAddresses(peer, [PeerWorld.Tcp(random.Next(1, 20))], TimeSpan.FromMinutes(random.Next(1, 100))); break;
                }
            }
        }))).Within(TimeSpan.FromMinutes(2));
        peers.Peers.Sum(peer => peers.TryGet(peer, out var info) ? info.Addresses.Length : 0).ShouldBe(peers.Budget.Unconnected);
        foreach (var peer in peers.Peers) peers.Remove(peer);
        peers.Budget.Unconnected.ShouldBe(0);
        peers.Budget.Details.ShouldBe(0);
    }
}
