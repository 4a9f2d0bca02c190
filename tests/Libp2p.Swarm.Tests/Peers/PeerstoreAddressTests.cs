using System.Collections.Immutable;
using Libp2p.Multiformats;
using Libp2p.Swarm.Peers;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Peers;

public class PeerstoreAddressTests
{
    private static readonly PeerId Alice = TestIdentity.Get(1).PeerId;
    private static readonly PeerId Bob = TestIdentity.Get(2).PeerId;
    private readonly PeerWorld _world = new();
    private readonly Peerstore _peers;

    public PeerstoreAddressTests() => _peers = _world.New();

    [Fact]
    public void A_life_can_be_set_shorter_and_zero_or_less_forgets()
    {
        _peers.AddAddresses(Alice, [Tcp(1), Tcp(2), Tcp(3)], TimeSpan.FromHours(1));
        _peers.SetAddresses(Alice, [Tcp(1), Tcp(4)], TimeSpan.FromMinutes(1));
        _peers.SetAddresses(Alice, [Tcp(2).Append(MultiaddrProtocol.P2p, Alice.ToString())], TimeSpan.Zero);
        _peers.SetAddresses(Alice, [Tcp(3).Append(MultiaddrProtocol.P2p, Bob.ToString())], TimeSpan.FromSeconds(-1));
        AddressesOf(Alice).ShouldBe([Tcp(1), Tcp(3), Tcp(4)]);
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        AddressesOf(Alice).ShouldBe([Tcp(3)]);
        _peers.SetAddresses(Bob, [Tcp(1)], TimeSpan.Zero);
        _peers.TryGet(Bob, out _).ShouldBeFalse();
    }

    [Fact]
    public void Addresses_are_cleared_and_nothing_else()
    {
        _peers.AddAddresses(Alice, [Tcp(1), Tcp(2)], TimeSpan.FromHours(1));
        _peers.SetProtocols(Alice, ["/a/1"]);
        _peers.ClearAddresses(Alice);
        _peers.ClearAddresses(Bob);
        AddressesOf(Alice).ShouldBeEmpty();
        _peers.FirstProtocol(Alice, ["/a/1"]).ShouldBe("/a/1");
        _peers.Budget.Unconnected.ShouldBe(0);
    }

    [Fact]
    public void Peers_can_be_iterated_while_they_are_cleared()
    {
        for (var n = 0; n < 100; n++) _peers.AddAddresses(PeerWorld.Numbered(n), [Tcp(1)], TimeSpan.FromHours(1));
        var seen = 0;
        foreach (var peer in _peers.Peers)
        {
            _peers.ClearAddresses(peer);
            _peers.Remove(peer);
            seen++;
        }

        seen.ShouldBe(100);
        _peers.Peers.ShouldBeEmpty();
        _peers.Budget.Unconnected.ShouldBe(0);
    }

    [Fact]
    public void What_is_known_says_how_long_and_by_whom()
    {
        _peers.AddAddresses(Alice, [Tcp(1)], TimeSpan.FromHours(1));
        _peers.ConsumeRecord(new PeerRecord(Alice, 1, [Tcp(2)]), TimeSpan.FromHours(2)).ShouldBeTrue();
        var now = _world.Clock.GetUtcNow();
        _peers.TryGet(Alice, out var info).ShouldBeTrue();
        info!.AddressDetails.ShouldBe([new PeerAddress(Tcp(1), now + TimeSpan.FromHours(1), false), new PeerAddress(Tcp(2), now + TimeSpan.FromHours(2), true)]);
        info.Addresses.ShouldBe(info.AddressDetails.Select(static known => known.Address));
    }

    [Fact]
    public void Row42_a_record_that_another_signed_is_refused_and_one_that_is_kept_can_be_passed_on()
    {
        var record = new PeerRecord(Alice, 7, [Tcp(1)]);
        var envelope = record.Seal(TestIdentity.Get(1).Key);
        var forged = SignedEnvelope.Seal(TestIdentity.Get(2).Key, PeerRecord.Domain, PeerRecord.PayloadType, record.ToProtobuf());
        Should.Throw<RecordException>(() => PeerRecord.Open(forged.Encoded.Span));
        Should.Throw<RecordException>(() => _peers.ConsumeRecord(record, TimeSpan.FromHours(1), forged)).Message.ShouldContain(Bob.ToString());
        _peers.TryGet(Alice, out _).ShouldBeFalse();

        _peers.ConsumeRecord(record, TimeSpan.FromHours(1), envelope).ShouldBeTrue();
        _peers.ConsumeRecord(record with { Sequence = 6, Addresses = [Tcp(2)] }, TimeSpan.FromHours(1)).ShouldBeFalse();
        _peers.TryGet(Alice, out var info).ShouldBeTrue();
        info!.Addresses.ShouldBe([Tcp(1)]);
        PeerRecord.Open(info.SignedRecord.ShouldNotBeNull().Encoded.Span).ShouldBe(record);
        _peers.ConsumeRecord(record with { Sequence = 8 }, TimeSpan.FromHours(1)).ShouldBeTrue();
        _peers.TryGet(Alice, out info).ShouldBeTrue();
        info!.SignedRecord.ShouldBeNull("an older record is not what was learnt last");
    }

    [Fact]
    public async Task The_stream_of_addresses_has_each_once()
    {
        using var stop = new CancellationTokenSource();
        _peers.AddAddresses(Alice, [Tcp(1), Tcp(2)], TimeSpan.FromMinutes(1));
        var told = new List<Multiaddr>();
        await using var stream = _peers.WatchAddressesAsync(Alice, stop.Token).GetAsyncEnumerator(stop.Token);
        await NextAsync();
        await NextAsync();
        var next = stream.MoveNextAsync().AsTask();
        next.IsCompleted.ShouldBeFalse();
        _peers.AddAddresses(Alice, [Tcp(1), Tcp(2), Tcp(3)], TimeSpan.FromMinutes(1));
        _peers.AddAddresses(Bob, [Tcp(9)], TimeSpan.FromMinutes(1));
        (await next.Within()).ShouldBeTrue();
        told.Add(stream.Current);
        _world.Clock.Advance(TimeSpan.FromMinutes(2));
        _peers.AddAddresses(Alice, [Tcp(1), Tcp(4)], TimeSpan.FromMinutes(1));
        await NextAsync();
        told.ShouldBe([Tcp(1), Tcp(2), Tcp(3), Tcp(4)]);
        next = stream.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => next);

        async Task NextAsync()
        {
            (await stream.MoveNextAsync().Within()).ShouldBeTrue();
            told.Add(stream.Current);
        }
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_is_bounded()
    {
        using var stop = new CancellationTokenSource();
        await using var stream = _peers.WatchAddressesAsync(Alice, stop.Token).GetAsyncEnumerator(stop.Token);
        var first = stream.MoveNextAsync().AsTask();
        for (var port = 1; port <= 5000; port++) _peers.AddAddresses(Alice, [Tcp(port)], TimeSpan.FromMinutes(port));
        (await first.Within()).ShouldBeTrue();
        var (count, next) = (0, first);
        while (next.IsCompleted && await next)
        {
            count++;
            next = stream.MoveNextAsync().AsTask();
        }

        count.ShouldBeLessThan(200);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => next);
    }

    private static Multiaddr Tcp(int port) => PeerWorld.Tcp(port);

    private ImmutableArray<Multiaddr> AddressesOf(PeerId peer) => _peers.TryGet(peer, out var info) ? info.Addresses : [];
}
