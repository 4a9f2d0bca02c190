using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Resources;

public class EvictionTests
{
    [Fact]
    public async Task From_80_percent_on_the_least_valuable_go_one_after_another_and_protected_peers_never()
    {
        await using var nodes = new QuicNodes();
        var node = await nodes.StartAsync(1, static options => options.Resources.MaxConnections = 10);
        await using var events = node.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        var dialers = new List<SwarmNode>();
        for (byte number = 2; number < 9; number++)
        {
            var dialer = await nodes.StartAsync(number);
            dialers.Add(dialer);
            await dialer.ConnectAsync(QuicNodes.AddressOf(node)).Within();
            await Watchdog.Eventually(() => node.Connections.Count == dialers.Count);
        }

        // The first is idle and protected, the second idle and worthless, all others have a tag or a stream.
        node.Governor.Protect(dialers[0].PeerId, "test").ShouldBeTrue();
        for (var i = 2; i < 6; i++) node.Governor.Tag(dialers[i].PeerId, "test", 1).ShouldBeTrue();
        await using var stream = await dialers[6].OpenStreamAsync(node.PeerId, [QuicNodes.Echo], new OpenStreamOptions { NoDial = true }).AsTask().Within();
        await stream.Output.WriteAsync(new byte[1]).AsTask().Within();
        await Watchdog.Eventually(() => node.Context.Governor.Streams == 1);
        var newcomer = await nodes.StartAsync(20);
        node.Governor.Tag(newcomer.PeerId, "test", 1).ShouldBeTrue();
        await newcomer.ConnectAsync(QuicNodes.AddressOf(node)).Within();
        var evicted = await NextAsync<ConnectionEvicted>(events);
        evicted.Connection.RemotePeer.ShouldBe(dialers[1].PeerId);
        (await evicted.Connection.Completion.Within()).Code.ShouldBe(ConnectionErrorCode.ResourceLimitExceeded);
        await Watchdog.Eventually(() => node.Context.Governor.Connections == 7);
        node.Governor.Pressure.ShouldBe(ResourcePressure.RefuseOptional);

        // Where all others are protected, the newcomer itself goes.
        foreach (var peer in node.Connections.Select(static connection => connection.RemotePeer)) node.Governor.Protect(peer, "test").ShouldBeTrue();
        var unlucky = await nodes.StartAsync(21);
        await unlucky.ConnectAsync(QuicNodes.AddressOf(node)).Within();
        (await NextAsync<ConnectionEvicted>(events)).Connection.RemotePeer.ShouldBe(unlucky.PeerId);
        await Watchdog.Eventually(() => node.Context.Governor.Connections == 7);
        node.Governor.Report().Evicted.ShouldBe(2);
        Should.Throw<InvalidOperationException>(node.AssertNothingHeld).Message.ShouldContain("7 connections");
    }

    [Fact]
    public async Task Idle_connections_above_the_low_water_mark_are_closed_the_least_valuable_first()
    {
        await using var nodes = new QuicNodes(fakeClock: true);
        var node = await nodes.StartAsync(1, static options => (options.Resources.LowWater, options.Resources.IdleTimeout) = (2, TimeSpan.FromSeconds(40)));
        var dialers = new List<SwarmNode>();
        for (byte number = 2; number < 7; number++)
        {
            var dialer = await nodes.StartAsync(number);
            dialers.Add(dialer);
            await dialer.ConnectAsync(QuicNodes.AddressOf(node)).Within();
            await Watchdog.Eventually(() => node.Connections.Count == dialers.Count);
        }

        node.Governor.Protect(dialers[0].PeerId, "test");
        await using var stream = await dialers[1].OpenStreamAsync(node.PeerId, [QuicNodes.Echo], new OpenStreamOptions { NoDial = true }).AsTask().Within();
        await stream.Output.WriteAsync(new byte[1]).AsTask().Within();
        await Watchdog.Eventually(() => node.Context.Governor.Streams == 1);
        node.Governor.Tag(dialers[2].PeerId, "test", 1);

        // 5 are open and 2 may be idle: of the 3 that are neither protected nor in use all go.
        node.Context.Evictor.Sweep();
        nodes.Clock.Advance(TimeSpan.FromSeconds(39.9));
        node.Context.Evictor.Sweep();
        node.Connections.Count.ShouldBe(5);
        nodes.Clock.Advance(TimeSpan.FromSeconds(0.2));
        node.Context.Evictor.Sweep();
        await Watchdog.Eventually(() => node.Connections.Count == 2);
        node.Connections.Select(static connection => connection.RemotePeer).ShouldBe([dialers[0].PeerId, dialers[1].PeerId], ignoreOrder: true);
        node.Governor.Report().IdleClosed.ShouldBe(3);

        // At the mark they may be idle for ever.
        stream.Abort(StreamSide.Both, StreamErrorCode.None);
        await Watchdog.Eventually(() => node.Context.Governor.Streams == 0);
        node.Context.Evictor.Sweep();
        nodes.Clock.Advance(TimeSpan.FromHours(1));
        node.Context.Evictor.Sweep();
        node.Connections.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_refusal_is_among_the_events_with_all_that_explains_it()
    {
        await using var nodes = new QuicNodes();
        var node = await nodes.StartAsync(1, static options => options.Resources.MaxConnections = 1);
        var (first, second) = (await nodes.StartAsync(2), await nodes.StartAsync(3));
        await first.ConnectAsync(QuicNodes.AddressOf(node)).Within();
        await using var events = node.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        await Should.ThrowAsync<DialException>(second.ConnectAsync(QuicNodes.AddressOf(node)).AsTask().Within());
        var denial = (await NextAsync<LimitReached>(events)).Denial;
        (denial.Scope, denial.Unit, denial.Requested, denial.Used, denial.Limit, denial.Direction, denial.Option)
            .ShouldBe(("node", "connections", 1L, 1L, 1L, ConnectionDirection.Inbound, "Resources:MaxConnections"));
        var thrown = await Should.ThrowAsync<DialException>(node.ConnectAsync(QuicNodes.AddressOf(second)).AsTask().Within());
        thrown.ToString().ShouldContain("Raise Resources:MaxConnections to allow more.");
    }

    private static async Task<T> NextAsync<T>(IAsyncEnumerator<NodeEvent> events) where T : NodeEvent
    {
        while (await events.MoveNextAsync().Within())
        {
            if (events.Current is T found) return found;
        }

        throw new InvalidOperationException($"No {typeof(T).Name} came.");
    }
}
