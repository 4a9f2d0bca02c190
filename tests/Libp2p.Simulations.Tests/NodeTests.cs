using Libp2p.TestKit;
using Microsoft.Extensions.Logging;

namespace Libp2p.Simulations.Tests;

/// <summary>Whole nodes, composed as an application composes them.</summary>
public class NodeTests
{
    [Fact]
    public Task Two_nodes_connect_identify_and_ping() => Simulation.RunAsync(1, async simulation =>
    {
        var (a, b) = (await simulation.AddHost("a").StartAsync(), await simulation.AddHost("b").StartAsync());
        var connection = await a.Node.ConnectAsync(b.Address);
        (await a.Get<IIdentifyService>().IdentifyAsync(connection)).PeerId.ShouldBe(b.PeerId);
        (await PingAsync(a, connection)).TotalMilliseconds.ShouldBe(40);
        b.PeerId.ShouldBe(b.Host.Identity.PeerId);
        connection.OpenedAt.Year.ShouldBe(2000);
    });

    [Fact]
    public Task A_node_behind_a_gateway_is_seen_under_its_address() => Simulation.RunAsync(1, async simulation =>
    {
        var home = simulation.AddGateway("home", GatewayKind.PortRestricted);
        var (inside, outside) = (await simulation.AddHost("inside", home).StartAsync(), await simulation.AddHost("outside").StartAsync());
        var connection = await inside.Node.ConnectAsync(outside.Address);
        var info = await inside.Get<IIdentifyService>().IdentifyAsync(connection);
        info.ObservedAddress!.ToString().ShouldStartWith($"/ip4/{home.Address}/tcp/");
        var stranger = await simulation.AddHost("stranger").StartAsync();
        await Assert.ThrowsAnyAsync<Libp2pException>(async () => await stranger.Node.ConnectAsync(inside.Address));
    });

    [Fact]
    public Task A_ping_waits_for_a_partition_to_end() => Simulation.RunSeedsAsync(5, async simulation =>
    {
        var (a, b) = (await simulation.AddHost("a").StartAsync(), await simulation.AddHost("b").StartAsync());
        var connection = await a.Node.ConnectAsync(b.Address);
        await PingAsync(a, connection);
        Task<TimeSpan> pinging;
        using (simulation.Partition([b.Host]))
        {
            pinging = PingAsync(a, connection);
            await simulation.Delay(TimeSpan.FromSeconds(3));
        }

        (await pinging).ShouldBeGreaterThan(TimeSpan.FromSeconds(3));
    });

    [Fact]
    public Task A_node_on_a_host_that_restarts_is_found_again_and_has_what_it_stored() => Simulation.RunSeedsAsync(5, async simulation =>
    {
        var (a, host) = (await simulation.AddHost("a").StartAsync(), simulation.AddHost("b"));
        var before = await host.StartAsync();
        host.Store.Put("mine", [1, 2, 3]);
        host.Store.Flush();
        var connection = await a.Node.ConnectAsync(before.Address);
        host.Crash(CrashKind.Process);
        await connection.Completion;
        await before.DisposeAsync();
        await Assert.ThrowsAnyAsync<Libp2pException>(async () => await a.Node.ConnectAsync(before.Address));

        host.Restart();
        var after = await host.StartAsync();
        after.PeerId.ShouldBe(before.PeerId);
        host.Store.Keys.ShouldBe(["mine"]);
        await PingAsync(a, await a.Node.ConnectAsync(after.Address));
    });

    [Fact]
    public async Task What_nodes_tell_and_log_is_traced()
    {
        var result = await Simulation.RunAsync(1, async simulation =>
        {
            var (a, b) = (await simulation.AddHost("a").StartAsync(), await simulation.AddHost("b").StartAsync());
            var connection = await a.Node.ConnectAsync(b.Address);
            await PingAsync(a, connection);
            simulation.Cut(a.Host, b.Host);
            await connection.Completion;
            await a.DisposeAsync();
            await b.DisposeAsync();
        }, new SimulationOptions { LogLevel = LogLevel.Debug });
        var told = result.Trace.Events.OfType<NodeTraceEvent>().ToList();
        foreach (var host in (string[])["a", "b"])
        {
            told.ShouldContain(one => one.Host == host && one.Happened is ConnectionOpened);
            told.ShouldContain(one => one.Host == host && one.Happened is ConnectionClosed);
            told.ShouldContain(one => one.Host == host && one.Happened is PeerIdentified);
        }

        result.Trace.Events.OfType<LogEvent>().ShouldContain(static one => one.Category.Contains("Swarm", StringComparison.Ordinal));
        result.Trace.Events.OfType<StreamEvent>().ShouldContain(static one => one.Change == StreamChange.Broken);
        result.Trace.LastOfEachHost.Keys.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_long_trace_keeps_its_newest_events_and_a_hash_of_all()
    {
        var all = await Simulation.RunAsync(3, Scenario.RunAsync, cancellationToken: TestContext.Current.CancellationToken);
        var some = await Simulation.RunAsync(3, Scenario.RunAsync, new SimulationOptions { TraceCapacity = 10 }, TestContext.Current.CancellationToken);
        some.Trace.Hash.ShouldBe(all.Trace.Hash);
        some.Trace.Count.ShouldBe(all.Trace.Count);
        some.Trace.Lines.ShouldBe(all.Trace.Lines.TakeLast(10));
        var fewer = await Simulation.RunAsync(3, Scenario.RunAsync, new SimulationOptions { Trace = TraceDetail.Faults }, TestContext.Current.CancellationToken);
        fewer.Trace.Events.ShouldAllBe(static one => one is HostEvent || one is FaultEvent || one is NoteEvent);
        fewer.Events.ShouldBe(all.Events);
    }

    private static async Task<TimeSpan> PingAsync(SimulatedNode node, IConnection connection)
    {
        await foreach (var time in node.Get<IPingService>().PingAsync(connection)) return time;
        throw new InvalidOperationException("No ping.");
    }
}
