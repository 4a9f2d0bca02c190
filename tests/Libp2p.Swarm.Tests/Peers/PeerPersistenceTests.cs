using Libp2p.Datastores.Sqlite;
using Libp2p.Multiformats;
using Libp2p.Swarm.Peers;
using Libp2p.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Libp2p.Swarm.Tests.Peers;

/// <summary>The datastore behind the peerstore.</summary>
public sealed class PeerPersistenceTests : IDisposable
{
    private static readonly NodeIdentity Alice = TestIdentity.Get(1);
    private static readonly PeerId Bob = TestIdentity.Get(2).PeerId;
    private readonly PeerWorld _world = new();
    private readonly LastingStore _store;

    public PeerPersistenceTests() => _store = new LastingStore(_world.Runtime);

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Everything_that_was_known_is_known_after_a_restart()
    {
        var rsa = PrivateKey.Generate(KeyType.Rsa).PublicKey;
        var before = await _world.NewOnAsync(_store);
        Fill(before, rsa);
        await before.FlushAsync();
        var after = await _world.NewOnAsync(_store);
        Compare(before, after, rsa);
    }

    [Fact]
    public async Task It_survives_in_a_file_too()
    {
        var folder = Directory.CreateTempSubdirectory("libp2p-peers-").FullName;
        try
        {
            var rsa = PrivateKey.Generate(KeyType.Rsa).PublicKey;
            Peerstore before;
            await using (var file = Open(folder))
            {
                before = await _world.NewOnAsync(file);
                Fill(before, rsa);
                await before.DetachAsync();
            }

            await using var again = Open(folder);
            Compare(before, await _world.NewOnAsync(again), rsa);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_peer_that_is_removed_is_removed_for_good()
    {
        var before = await _world.NewOnAsync(_store);
        before.AddAddresses(Alice.PeerId, [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        before.AddAddresses(Bob, [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        await before.FlushAsync();
        before.Remove(Alice.PeerId);
        await before.FlushAsync();
        (await _world.NewOnAsync(_store)).Peers.ShouldBe([Bob]);
    }

    [Fact]
    public async Task An_older_record_is_ignored_after_a_restart_too()
    {
        var before = await _world.NewOnAsync(_store);
        before.ConsumeRecord(new PeerRecord(Alice.PeerId, 5, [PeerWorld.Tcp(1)]), TimeSpan.FromHours(1));
        await before.FlushAsync();
        var after = await _world.NewOnAsync(_store);
        after.ConsumeRecord(new PeerRecord(Alice.PeerId, 5, [PeerWorld.Tcp(2)]), TimeSpan.FromHours(1)).ShouldBeFalse();
        after.ConsumeRecord(new PeerRecord(Alice.PeerId, 6, [PeerWorld.Tcp(2)]), TimeSpan.FromHours(1)).ShouldBeTrue();
        AddressesOf(after, Alice.PeerId).ShouldBe([PeerWorld.Tcp(2)]);
    }

    [Fact]
    public async Task Lives_go_on_while_nobody_runs_and_peers_that_were_long_gone_are_forgotten()
    {
        var before = await _world.NewOnAsync(_store);
        before.AddAddresses(Alice.PeerId, [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        before.AddAddresses(Alice.PeerId, [PeerWorld.Tcp(2)], TimeSpan.FromHours(3));
        before.SetProtocols(Bob, ["/b/1"]);
        await before.FlushAsync();
        _world.Clock.Advance(TimeSpan.FromHours(2));
        var after = await _world.NewOnAsync(_store);
        AddressesOf(after, Alice.PeerId).ShouldBe([PeerWorld.Tcp(2)]);
        after.Speaks(Bob, "/b/1").ShouldBeTrue();
        _world.Clock.Advance(TimeSpan.FromDays(8));
        (await _world.NewOnAsync(_store)).Peers.ShouldBeEmpty();
        (await _store.HasAsync(PeerPersistence.Place.Child(Bob.ToString()))).ShouldBeFalse();
    }

    [Fact]
    public async Task Changes_are_written_behind_together_and_each_peer_once()
    {
        var peers = await _world.NewOnAsync(_store);
        for (var port = 1; port <= 50; port++) peers.AddAddresses(Alice.PeerId, [PeerWorld.Tcp(port)], TimeSpan.FromHours(1));
        peers.AddAddresses(Bob, [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        _store.Writes.ShouldBe(0);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await Watchdog.Eventually(() => _store.Writes == 2);
        _store.Syncs.ShouldBe(0);
        peers.AddAddresses(Bob, [PeerWorld.Tcp(2)], TimeSpan.FromHours(1));
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await Watchdog.Eventually(() => _store.Writes == 3);
        await peers.FlushAsync();
        (_store.Writes, _store.Syncs).ShouldBe((3, 1));
    }

    [Fact]
    public async Task A_full_disk_is_said_once_and_what_was_learnt_is_written_when_there_is_room()
    {
        var log = new LogLines();
        var peers = await _world.NewOnAsync(_store, logger: log);
        _store.Failure = new DatastoreFullException("There is no room.", "Make some.");
        peers.AddAddresses(Alice.PeerId, [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await Watchdog.Eventually(() => log.Count("There is no room. Make some.") == 1);
        (await Should.ThrowAsync<DatastoreFullException>(async () => await peers.FlushAsync())).Remedy.ShouldBe("Make some.");
        peers.AddAddresses(Bob, [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        AddressesOf(peers, Bob).ShouldBe([PeerWorld.Tcp(1)], "memory is not full");
        _store.Failure = null;
        await Watchdog.Eventually(() =>
        {
            _world.Clock.Advance(TimeSpan.FromSeconds(30));
            return log.Count("can be written again") == 1;
        });
        (await _world.NewOnAsync(_store)).Peers.ShouldBe([Alice.PeerId, Bob], ignoreOrder: true);
        log.Lines.Count(static line => line.Level == LogLevel.Warning).ShouldBe(1);
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_said_and_left_alone()
    {
        var log = new LogLines();
        _store.Failure = new DatastoreCorruptException("It is damaged.", "Move it away.");
        var peers = await _world.NewOnAsync(_store, logger: log);
        log.Count("It is damaged. Move it away.").ShouldBe(1);
        _store.Failure = null;
        peers.AddAddresses(Alice.PeerId, [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        await peers.FlushAsync();
        _store.Writes.ShouldBe(0);
        AddressesOf(peers, Alice.PeerId).ShouldBe([PeerWorld.Tcp(1)]);
    }

    [Fact]
    public async Task What_cannot_be_understood_is_deleted_and_the_rest_is_taken()
    {
        var before = await _world.NewOnAsync(_store);
        before.AddAddresses(Alice.PeerId, [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        await before.FlushAsync();
        var stored = (await _store.GetAsync(PeerPersistence.Place.Child(Alice.PeerId.ToString()))).ShouldNotBeNull();
        await _store.PutAsync(PeerPersistence.Place.Child("nobody"), stored);
        for (var length = 0; length < stored.Length; length++)
        {
            await _store.PutAsync(PeerPersistence.Place.Child(PeerWorld.Numbered(length).ToString()), stored[..length]);
        }

        var after = await _world.NewOnAsync(_store);
        AddressesOf(after, Alice.PeerId).ShouldBe([PeerWorld.Tcp(1)]);
        (await _store.HasAsync(PeerPersistence.Place.Child("nobody"))).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_learnt_before_the_store_is_there_is_kept_too_and_merged()
    {
        var before = await _world.NewOnAsync(_store);
        before.AddAddresses(Alice.PeerId, [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        await before.FlushAsync();
        var peers = _world.New();
        peers.AddAddresses(Alice.PeerId, [PeerWorld.Tcp(2)], TimeSpan.FromHours(1));
        peers.AddAddresses(Bob, [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        await peers.AttachAsync(_store, NullLogger.Instance);
        AddressesOf(peers, Alice.PeerId).ShouldBe([PeerWorld.Tcp(1), PeerWorld.Tcp(2)], ignoreOrder: true);
        await peers.DetachAsync(_store);
        var after = await _world.NewOnAsync(_store);
        AddressesOf(after, Alice.PeerId).Length.ShouldBe(2);
        AddressesOf(after, Bob).ShouldBe([PeerWorld.Tcp(1)]);
    }

    [Fact]
    public async Task More_changes_than_can_wait_are_written_all_the_same()
    {
        var options = new PeerstoreOptions { MaxPeers = 4 };
        var peers = await _world.NewOnAsync(_store, options);
        peers.AddAddresses(PeerWorld.Numbered(0), [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        await peers.FlushAsync();
        peers.Remove(PeerWorld.Numbered(0));
        for (var n = 1; n < 50; n++)
        {
            peers.AddAddresses(PeerWorld.Numbered(n), [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
            if (n < 48) peers.Remove(PeerWorld.Numbered(n));
        }

        await peers.FlushAsync();
        (await _world.NewOnAsync(_store, options)).Peers.ShouldBe([PeerWorld.Numbered(48), PeerWorld.Numbered(49)], ignoreOrder: true);
    }

    [Fact]
    public async Task Without_a_store_that_lasts_a_flush_completes_at_once()
    {
        var peers = _world.New();
        await peers.FlushAsync();
        await peers.AttachAsync(new LastingStore(_world.Runtime).Below("/x"), NullLogger.Instance);
        await peers.DetachAsync();
        await peers.FlushAsync();
        await peers.AttachAsync(_store, NullLogger.Instance);
        peers.AddAddresses(Alice.PeerId, [PeerWorld.Tcp(1)], TimeSpan.FromHours(1));
        await peers.FlushAsync();
        _store.Writes.ShouldBe(0, "what was left for good takes no other store");
    }

    private static void Fill(Peerstore peers, PublicKey rsa)
    {
        var record = new PeerRecord(Alice.PeerId, 7, [PeerWorld.Tcp(1)]);
        peers.ConsumeRecord(record, TimeSpan.FromHours(1), record.Seal(Alice.Key));
        peers.AddAddresses(Alice.PeerId, [PeerWorld.Tcp(2)], TimeSpan.MaxValue);
        peers.Update(new IdentifyInfo { PeerId = Alice.PeerId, AgentVersion = "x/1", ProtocolVersion = "y/1", Protocols = ["/a/1", "/b/1"] });
        peers.TrySetMetadata(Alice.PeerId, "score", [1, 2]);
        peers.TrySetMetadata(Alice.PeerId, "empty", []);
        peers.RecordLatency(Alice.PeerId, TimeSpan.FromMilliseconds(12));
        peers.AddKey(rsa.PeerId, rsa);
    }

    private static void Compare(Peerstore before, Peerstore after, PublicKey rsa)
    {
        after.Peers.ShouldBe(before.Peers, ignoreOrder: true);
        before.TryGet(Alice.PeerId, out var expected).ShouldBeTrue();
        after.TryGet(Alice.PeerId, out var known).ShouldBeTrue();
        known!.AddressDetails.ShouldBe(expected!.AddressDetails);
        known.Protocols.ShouldBe(expected.Protocols);
        (known.AgentVersion, known.ProtocolVersion, known.Latency).ShouldBe(("x/1", "y/1", TimeSpan.FromMilliseconds(12)));
        known.SignedRecord.ShouldNotBeNull().Encoded.ToArray().ShouldBe(expected.SignedRecord!.Encoded.ToArray());
        after.TryGetMetadata(Alice.PeerId, "score", out var score).ShouldBeTrue();
        score.ToArray().ShouldBe([1, 2]);
        after.TryGetMetadata(Alice.PeerId, "empty", out _).ShouldBeTrue();
        after.TryGet(rsa.PeerId, out var keyed).ShouldBeTrue();
        keyed!.PublicKey.ShouldBe(rsa);
        (after.Budget.Unconnected, after.Budget.Details).ShouldBe((before.Budget.Unconnected, before.Budget.Details));
    }

    private static System.Collections.Immutable.ImmutableArray<Multiaddr> AddressesOf(Peerstore peers, PeerId peer) => peers.TryGet(peer, out var info) ? info.Addresses : [];

    private SqliteDatastore Open(string folder) => SqliteDatastore.Open(Path.Combine(folder, "datastore.db"), new SqliteOptions(), _world.Runtime, NullLogger.Instance);
}
