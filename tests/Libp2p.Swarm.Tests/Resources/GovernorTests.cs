using Libp2p.Multiformats;
using Libp2p.Swarm.Resources;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Resources;

public class GovernorTests
{
    private const long KiB = 1024;

    internal static readonly Multiaddr Remote = Multiaddr.Parse("/ip4/127.0.0.1/tcp/4001");

    internal static ResourceGovernor Make(Action<ResourceOptions>? configure = null)
    {
        var options = new ResourceOptions
        {
            Memory = 1024 * KiB, MemoryPerPeer = 1024 * KiB, MemoryPerConnection = 512 * KiB, MemoryTransient = 1024 * KiB, MaxConnections = 2, MaxStreams = 3, MaxStreamsPerPeer = 3, MaxStreamsPerConnection = 2,
        };
        configure?.Invoke(options);
        return new ResourceGovernor(options, TimeProvider.System);
    }

    internal static ConnectionScope Admit(ResourceGovernor governor, PeerId? peer = null)
    {
        governor.TryAdmitConnection(ConnectionDirection.Inbound, Remote, out var scope, out _).ShouldBeTrue();
        if (peer is not null) scope!.TryAssign(peer, out _).ShouldBeTrue();
        return scope!;
    }

    internal static void ShouldBeEmpty(ResourceGovernor governor)
    {
        var report = governor.Report();
        report.Node.ShouldAllBe(static use => use.Used == 0);
        report.Peers.ShouldBeEmpty();
        report.Protocols.ShouldBeEmpty();
    }

    [Fact]
    public void What_a_stream_reserves_counts_above_it_and_comes_back_whoever_closes_first()
    {
        var governor = Make();
        var connection = Admit(governor, TestIdentity.Get(1).PeerId);
        var stream = connection.ForStream();
        stream.TryReserve(1000, ReservationPriority.High, out _).ShouldBeTrue();
        stream.Reserved.ShouldBe(1000);
        connection.Reserved.ShouldBe(1000 + ResourceGovernor.ConnectionPrice);
        connection.Peer!.Reserved.ShouldBe(connection.Reserved);
        governor.Reserved.ShouldBe(connection.Reserved);
        governor.Transient.Reserved.ShouldBe(0);
        connection.Dispose();
        governor.Reserved.ShouldBe(0);
        stream.Release(400);
        stream.Dispose();
        stream.Dispose();
        stream.TryReserve(1, ReservationPriority.High, out var why).ShouldBeFalse();
        why!.Scope.ShouldContain("closed");
        connection.ForStream().TryReserve(1, ReservationPriority.High, out _).ShouldBeFalse();
        ShouldBeEmpty(governor);
    }

    [Fact]
    public void Optional_work_is_refused_first()
    {
        var governor = Make();
        using var scope = Admit(governor);
        scope.TryReserve(300 * KiB, ReservationPriority.High, out _).ShouldBeTrue();
        scope.TryReserve(20 * KiB, ReservationPriority.Low, out var low).ShouldBeFalse();
        low!.Option.ShouldBe("Resources:MemoryPerConnection");
        scope.TryReserve(20 * KiB, ReservationPriority.Medium, out _).ShouldBeTrue();
        scope.TryReserve(150 * KiB, ReservationPriority.Medium, out _).ShouldBeFalse();
        scope.TryReserve(150 * KiB, ReservationPriority.High, out _).ShouldBeTrue();
        scope.TryReserve(long.MaxValue, ReservationPriority.High, out var high).ShouldBeFalse();
        high!.ToString().ShouldContain("Raise Resources:");
        scope.Reserved.ShouldBe((470 * KiB) + ResourceGovernor.ConnectionPrice);
    }

    [Fact]
    public void Counts_are_limited_and_say_which_option_limits_them()
    {
        var governor = Make();
        var first = Admit(governor, TestIdentity.Get(1).PeerId);
        var second = Admit(governor, TestIdentity.Get(2).PeerId);
        governor.TryAdmitConnection(ConnectionDirection.Inbound, Remote, out _, out var why).ShouldBeFalse();
        why!.ToString().ShouldBe("node: 1 inbound connections asked, 2 of 2 in use. Raise Resources:MaxConnections to allow more.");
        first.TryAdmitStream(ConnectionDirection.Inbound, out _).ShouldBeTrue();
        first.TryAdmitStream(ConnectionDirection.Outbound, out _).ShouldBeTrue();
        first.TryAdmitStream(ConnectionDirection.Outbound, out why).ShouldBeFalse();
        why!.ToString().ShouldBe("connection: 1 outbound streams asked, 2 of 2 in use. Raise Resources:MaxStreamsPerConnection to allow more.");
        second.TryAdmitStream(ConnectionDirection.Inbound, out _).ShouldBeTrue();
        second.TryAdmitStream(ConnectionDirection.Inbound, out why).ShouldBeFalse();
        (why!.Scope, why.Option, why.Direction).ShouldBe(("node", "Resources:MaxStreams", ConnectionDirection.Inbound));
        governor.Streams.ShouldBe(3);
        first.ReturnStreams(2);
        second.ReturnStreams(1);
        governor.Streams.ShouldBe(0);
        first.Dispose();
        second.Dispose();
        governor.Report().Refusals.ShouldBe(governor.Report().Refusals.OrderByDescending(static refusals => refusals.Count));
        governor.Report().Refusals.Select(static refusals => (refusals.Option, refusals.Count)).ShouldBe(
            [("Resources:MaxConnections", 1L), ("Resources:MaxStreamsPerConnection", 1L), ("Resources:MaxStreams", 1L)], ignoreOrder: true);
        ShouldBeEmpty(governor);
    }

    [Fact]
    public void A_peer_is_limited_over_all_its_connections()
    {
        var governor = Make(static options => (options.MemoryPerPeer, options.MemoryPerConnection, options.MaxStreamsPerPeer, options.MaxConnectionsPerPeer, options.MaxConnections) = (512 * KiB, 512 * KiB, 2, 2, 10));
        var peer = TestIdentity.Get(1).PeerId;
        using var first = Admit(governor, peer);
        using var second = Admit(governor, peer);
        using var third = Admit(governor);
        third.TryAssign(peer, out var why).ShouldBeFalse();
        (why!.Scope, why.Option).ShouldBe(($"peer {peer}", "Resources:MaxConnectionsPerPeer"));
        third.Peer.ShouldBeNull();
        governor.TransientConnections.ShouldBe(1);
        first.TryReserve(300 * KiB, ReservationPriority.High, out _).ShouldBeTrue();
        second.TryReserve(300 * KiB, ReservationPriority.High, out why).ShouldBeFalse();
        why!.Option.ShouldBe("Resources:MemoryPerPeer");
        first.TryAdmitStream(ConnectionDirection.Inbound, out _).ShouldBeTrue();
        first.TryAdmitStream(ConnectionDirection.Inbound, out _).ShouldBeTrue();
        second.TryAdmitStream(ConnectionDirection.Inbound, out why).ShouldBeFalse();
        why!.Option.ShouldBe("Resources:MaxStreamsPerPeer");
        var use = governor.Report().Peers.ShouldHaveSingleItem();
        (use.Peer, use.Connections, use.Streams).ShouldBe((peer, 2, 2));
        second.Dispose();
        third.TryAssign(peer, out _).ShouldBeTrue();
        first.Dispose();
        third.Dispose();
        ShouldBeEmpty(governor);
    }

    [Fact]
    public void Connections_without_a_peer_have_a_budget_of_their_own()
    {
        var governor = Make(static options => (options.MemoryTransient, options.MaxConnections) = (64 * KiB, 10));
        var scopes = Enumerable.Range(0, 3).Select(_ => Admit(governor)).ToList();
        governor.TryAdmitConnection(ConnectionDirection.Inbound, Remote, out _, out var why).ShouldBeFalse();
        (why!.Scope, why.Option, why.Direction).ShouldBe(("transient", "Resources:MemoryTransient", ConnectionDirection.Inbound));
        scopes[0].TryAssign(TestIdentity.Get(1).PeerId, out _).ShouldBeTrue();
        scopes.Add(Admit(governor));
        foreach (var scope in scopes) scope.Dispose();
        ShouldBeEmpty(governor);
    }

    [Theory]
    [InlineData("/ip4/192.0.2.1/tcp/4001", 1)]
    [InlineData("/ip4/192.0.2.1/udp/4001/quic-v1", 0)]
    [InlineData("/memory/1", 0)]
    [InlineData("/ip4/192.0.2.1/tcp/4001/p2p/12D3KooWSahP5pFRCEfaziPEba7urXGeif6T1y8jmodzdFUvzBHj/p2p-circuit", 0)]
    public void Descriptors_are_a_budget(string address, int expected)
    {
        var governor = Make(static options => (options.Descriptors, options.MaxConnections) = (1, 10));
        governor.TryAdmitConnection(ConnectionDirection.Outbound, Multiaddr.Parse(address), out var scope, out _).ShouldBeTrue();
        governor.Descriptors.ShouldBe(expected);
        governor.TryAdmitConnection(ConnectionDirection.Outbound, Remote, out var second, out var why).ShouldBe(expected == 0);
        if (expected > 0) why!.ToString().ShouldBe("node: 1 outbound descriptors asked, 1 of 1 in use. Raise Resources:Descriptors to allow more.");
        scope!.Dispose();
        second?.Dispose();
        ShouldBeEmpty(governor);
    }

    [Fact]
    public void Protocols_do_not_keep_each_other_out_and_count_what_their_handlers_hold()
    {
        var governor = Make(static options => (options.MaxStreamsPerProtocol, options.MaxStreams, options.MaxStreamsPerConnection) = (1, 3, 3));
        using var connection = Admit(governor, TestIdentity.Get(1).PeerId);
        var protocol = governor.Protocols.Of("/a/1.0.0");
        protocol.TryEnter(ConnectionDirection.Inbound, out _).ShouldBeTrue();
        protocol.TryEnter(ConnectionDirection.Inbound, out var why).ShouldBeFalse();
        why!.ToString().ShouldBe("protocol /a/1.0.0: 1 inbound streams asked, 1 of 1 in use. Raise Resources:MaxStreamsPerProtocol to allow more.");
        governor.Protocols.Of("/b/1.0.0").TryEnter(ConnectionDirection.Inbound, out _).ShouldBeTrue();
        var stream = connection.ForStream(protocol);
        stream.TryReserve(1000, ReservationPriority.Medium, out _).ShouldBeTrue();
        governor.Report().Protocols.ShouldContain(new ProtocolUse("/a/1.0.0", 1, 1000));
        stream.TryReserve(600 * KiB, ReservationPriority.High, out _).ShouldBeFalse();
        governor.Report().Protocols.ShouldContain(new ProtocolUse("/a/1.0.0", 1, 1000));
        stream.Release(400);
        governor.Report().Protocols.ShouldContain(new ProtocolUse("/a/1.0.0", 1, 600));
        connection.Dispose();
        stream.Dispose();
        protocol.Leave();
        governor.Protocols.Of("/b/1.0.0").Leave();
        ShouldBeEmpty(governor);
    }

    [Fact]
    public void Pressure_follows_the_fullest_budget_and_tells_when_it_moves()
    {
        var governor = Make(static options => (options.Memory, options.MemoryPerConnection, options.MaxConnections) = (1024 * KiB, 1024 * KiB, 100));
        var told = new List<ResourcePressure>();
        governor.PressureMoved = (pressure, changed) =>
        {
            if (changed) told.Add(pressure);
        };
        var scope = Admit(governor, TestIdentity.Get(1).PeerId);
        foreach (var (bytes, expected) in ((int, ResourcePressure)[])[(300, ResourcePressure.None), (100, ResourcePressure.Shrink), (220, ResourcePressure.RefuseOptional), (200, ResourcePressure.Evict)])
        {
            scope.TryReserve(bytes * KiB, ReservationPriority.High, out _).ShouldBeTrue();
            scope.Pressure.ShouldBe(expected);
            governor.Pressure.ShouldBe(expected);
        }

        scope.Dispose();
        told.ShouldBe([ResourcePressure.Shrink, ResourcePressure.RefuseOptional, ResourcePressure.Evict, ResourcePressure.None]);
        var scopes = Enumerable.Range(0, 10).Select(_ => Admit(governor)).ToList();
        foreach (var connection in scopes) connection.Dispose();
        ShouldBeEmpty(governor);
    }

    [Fact]
    public void A_flood_of_refusals_is_told_now_and_then()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var governor = new ResourceGovernor(new ResourceOptions { MaxConnections = 1 }, clock);
        var told = new List<long>();
        governor.Refusals.Told = (_, count) => told.Add(count);
        using var scope = Admit(governor);
        for (var i = 0; i < 100; i++) governor.TryAdmitConnection(ConnectionDirection.Inbound, Remote, out _, out _).ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(5));
        governor.TryAdmitConnection(ConnectionDirection.Inbound, Remote, out _, out _).ShouldBeFalse();
        told.ShouldBe([1, 100]);
        governor.Report().Refusals.Single().Count.ShouldBe(101);
    }

    [Fact]
    public async Task Counters_are_zero_after_any_race()
    {
        var governor = Make(static options => options.MaxConnections = 10);
        var peer = TestIdentity.Get(1).PeerId;
        for (var round = 0; round < 200; round++)
        {
            var connection = Admit(governor);
            using var start = new ManualResetEventSlim();
            var users = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    using var stream = connection.ForStream(governor.Protocols.Of("/a/1.0.0"));
                    start.Wait();
                    for (var i = 0; i < 50; i++)
                    {
                        if (stream.TryReserve(100, ReservationPriority.High, out var _) && i % 2 == 0) stream.Release(100);
                        if (connection.TryAdmitStream(ConnectionDirection.Inbound, out var _)) connection.ReturnStreams(1);
                    }
                },
                TaskCreationOptions.LongRunning)).ToArray();
            start.Set();

            // Meanwhile it learns who its peer is, and ends.
            if (round % 2 == 0) connection.TryAssign(peer, out _).ShouldBeTrue();
            if (round % 3 == 0) await users[0];
            connection.Dispose();
            await Task.WhenAll(users);
            ShouldBeEmpty(governor);
        }
    }

    [Fact]
    public void An_admission_allocates_nothing()
    {
        var governor = Make(static options => (options.MaxStreamsPerConnection, options.MaxStreams) = (100, 100));
        using var connection = Admit(governor, TestIdentity.Get(1).PeerId);
        Admission();
        Allocations.LeastOf(Admission).ShouldBe(0);

        void Admission()
        {
            for (var i = 0; i < 1000; i++)
            {
                connection.TryAdmitStream(ConnectionDirection.Inbound, out _).ShouldBeTrue();
                connection.TryReserve(1000, ReservationPriority.Medium, out _).ShouldBeTrue();
                connection.Release(1000);
                connection.ReturnStreams(1);
            }
        }
    }
}
