using Libp2p.Swarm.Peers;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Peers;

public class PeerstoreDetailTests
{
    private static readonly PeerId Alice = TestIdentity.Get(1).PeerId;
    private readonly PeerWorld _world = new();
    private readonly Peerstore _peers;

    public PeerstoreDetailTests() => _peers = _world.New();

    [Fact]
    public void Protocols_are_added_set_removed_and_the_first_found()
    {
        _peers.FirstProtocol(Alice, ["/a/1"]).ShouldBeNull();
        _peers.AddProtocols(Alice, ["/a/1", "/b/1"]);
        _peers.AddProtocols(Alice, ["/b/1", "/c/1"]);
        Protocols.ShouldBe(["/a/1", "/b/1", "/c/1"]);
        _peers.FirstProtocol(Alice, ["/x/1", "/c/1", "/a/1"]).ShouldBe("/c/1");
        _peers.RemoveProtocols(Alice, ["/a/1", "/x/1"]);
        Protocols.ShouldBe(["/b/1", "/c/1"]);
        _peers.SetProtocols(Alice, ["/d/1"]);
        Protocols.ShouldBe(["/d/1"]);
        _peers.SetProtocols(Alice, []);
        _peers.FirstProtocol(Alice, ["/d/1"]).ShouldBeNull();
        _peers.Budget.Details.ShouldBe(0);
    }

    [Fact]
    public void So_many_protocols_of_a_peer_are_kept_and_no_more()
    {
        _peers.SetProtocols(Alice, Enumerable.Range(0, 5000).Select(static n => new ProtocolId($"/p/{n}")));
        Protocols.Count.ShouldBe(1024);
        _peers.AddProtocols(Alice, ["/more"]);
        Protocols.Count.ShouldBe(1024);
        _peers.FirstProtocol(Alice, ["/more", "/p/0"]).ShouldBe("/p/0");
    }

    [Fact]
    public void Row44_the_key_of_another_peer_is_refused()
    {
        var key = PrivateKey.Generate(KeyType.Rsa).PublicKey;
        _peers.TryGet(key.PeerId, out _).ShouldBeFalse();
        Should.Throw<RecordException>(() => _peers.AddKey(key.PeerId, TestIdentity.Get(2).PublicKey));
        _peers.TryGet(key.PeerId, out _).ShouldBeFalse();
        _peers.AddKey(key.PeerId, key);
        _peers.TryGet(key.PeerId, out var info).ShouldBeTrue();
        info!.PublicKey.ShouldBe(key);
        _peers.Remove(key.PeerId);
        _peers.TryGet(key.PeerId, out _).ShouldBeFalse();
    }

    [Fact]
    public void Metadata_is_kept_bounded_and_removed_with_the_peer()
    {
        _peers.TrySetMetadata(Alice, "score", [1, 2, 3]).ShouldBeTrue();
        _peers.TrySetMetadata(Alice, "score", [4]).ShouldBeTrue();
        _peers.TrySetMetadata(Alice, "none", []).ShouldBeTrue();
        _peers.TryGetMetadata(Alice, "score", out var value).ShouldBeTrue();
        value.ToArray().ShouldBe([4]);
        _peers.TryGetMetadata(Alice, "none", out value).ShouldBeTrue();
        value.IsEmpty.ShouldBeTrue();
        _peers.TrySetMetadata(Alice, "large", new byte[16 * 1024]).ShouldBeFalse();
        _peers.TrySetMetadata(Alice, "score", new byte[16 * 1024]).ShouldBeFalse();
        _peers.TryGetMetadata(Alice, "score", out value).ShouldBeTrue();
        value.ToArray().ShouldBe([4], "what is refused changes nothing");
        _peers.RemoveMetadata(Alice, "none");
        _peers.TryGetMetadata(Alice, "none", out _).ShouldBeFalse();
        _peers.Remove(Alice);
        _peers.TryGetMetadata(Alice, "score", out _).ShouldBeFalse();
        _peers.Budget.Details.ShouldBe(0);
    }

    [Fact]
    public void Latency_is_smoothed_and_of_known_peers_alone()
    {
        _peers.RecordLatency(Alice, TimeSpan.FromMilliseconds(100));
        _peers.TryGet(Alice, out _).ShouldBeFalse();
        _peers.AddAddresses(Alice, [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        Latency.ShouldBeNull();
        _peers.RecordLatency(Alice, TimeSpan.FromMilliseconds(100));
        _peers.RecordLatency(Alice, TimeSpan.FromMilliseconds(-1));
        Latency.ShouldBe(TimeSpan.FromMilliseconds(100));
        _peers.RecordLatency(Alice, TimeSpan.FromMilliseconds(200));
        Latency.ShouldBe(TimeSpan.FromMilliseconds(110));
    }

    [Fact]
    public void Row43_what_is_no_address_is_bounded_over_all_peers_and_those_connected_come_first()
    {
        var peers = _world.New(new PeerstoreOptions { MaxDetails = 64 << 10 });
        for (var n = 0; n < 1000; n++) peers.Update(new IdentifyInfo { PeerId = PeerWorld.Numbered(n), AgentVersion = new string('a', 1000), Protocols = ["/p/1"] });
        peers.Budget.Details.ShouldBeInRange(32 << 10, 64 << 10);
        peers.Connected(Alice);
        peers.Update(new IdentifyInfo { PeerId = Alice, AgentVersion = new string('b', 1000), Protocols = ["/q/1"] });
        peers.Speaks(Alice, "/q/1").ShouldBeTrue();
        foreach (var peer in peers.Peers) peers.Remove(peer);
        peers.Budget.Details.ShouldBe(0);
    }

    private List<string> Protocols => _peers.TryGet(Alice, out var info) ? [.. info.Protocols.Select(static protocol => protocol.Value)] : [];

    private TimeSpan? Latency => _peers.TryGet(Alice, out var info) ? info.Latency : null;
}
