using System.Runtime.CompilerServices;
using Libp2p.Multiformats;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Dialing.Simulated;

/// <summary>A stream of addresses; connections that come another way; limited ones; reports.</summary>
public class SourceTests
{
    private const string One = "/ip4/45.0.0.9/tcp/1";
    private const string Two = "/ip4/45.0.0.9/tcp/2";
    private const string Relay = "/ip4/45.0.0.8/tcp/1/p2p/12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq/p2p-circuit";
    private static readonly ConnectionLimits Limits = new(TimeSpan.FromMinutes(2), 1 << 17);

    [Fact]
    public Task Routing_is_asked_once_nothing_known_works_and_feeds_the_dial_while_it_runs() => DialWorld.RunAsync(async world =>
    {
        var runtime = world.Node.Context.Runtime;
        world.Node.Exports.Add<IPeerRouting>(new Routing(runtime, (TimeSpan.FromSeconds(1), Two), (TimeSpan.FromSeconds(2), "/ip4/45.0.0.9/tcp/3")));
        world.Node.Exports.Add<IPeerRouting>(new Routing(runtime) { Fails = true });
        world.On(One, Ending.Refuse, 100);
        world.On(Two, Ending.Refuse, 100);
        world.On("/ip4/45.0.0.9/tcp/3", Ending.Connect, 50);
        await world.DialAsync(One);
        world.At(Two).ShouldBe(TimeSpan.FromMilliseconds(1100));
        world.Now.ShouldBe(TimeSpan.FromMilliseconds(3150));

        // Where nothing is known it is asked at once.
        var before = world.Now;
        world.On(Two, Ending.Connect, 0);
        await world.Node.ConnectAsync(TestIdentity.Get(98).PeerId);
        (world.Now - before).ShouldBe(TimeSpan.FromSeconds(1));
    });

    [Fact]
    public Task Inbound_connection_ends_a_dial_in_progress() => Simulation.RunSeedsAsync(10, async simulation =>
    {
        var (a, b) = (await StartAsync(simulation, "a", "10.0.0.1"), await StartAsync(simulation, "b", "10.0.0.2"));
        var dial = a.Node.ConnectAsync(Multiaddr.Parse($"/ip4/10.0.0.99/tcp/1/p2p/{b.PeerId}")).AsTask();
        await simulation.Delay(TimeSpan.FromSeconds(1));
        dial.IsCompleted.ShouldBeFalse();
        await b.Node.ConnectAsync(a.Address);
        (await dial).Direction.ShouldBe(ConnectionDirection.Inbound);
        simulation.Now.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        await a.DisposeAsync();
        await b.DisposeAsync();
    });

    [Fact]
    public Task Simultaneous_open_gives_both_a_connection_that_lasts() => Simulation.RunSeedsAsync(20, async simulation =>
    {
        var (a, b) = (await StartAsync(simulation, "a", "10.0.0.1"), await StartAsync(simulation, "b", "10.0.0.2"));
        await simulation.Delay(TimeSpan.FromMilliseconds(simulation.Random.Next(1000)));
        var (there, back) = (a.Node.ConnectAsync(b.Address).AsTask(), b.Node.ConnectAsync(a.Address).AsTask());
        var (one, other) = (await there, await back);
        await simulation.Delay(TimeSpan.FromSeconds(5));
        one.Completion.IsCompleted.ShouldBeFalse();
        other.Completion.IsCompleted.ShouldBeFalse();
        await a.DisposeAsync();
        await b.DisposeAsync();
    });

    [Fact]
    public Task Limited_connection_needs_a_word_to_be_reused() => DialWorld.RunAsync(async world =>
    {
        world.On(Relay, Ending.Connect, limits: Limits);
        var limited = await world.DialAsync(Relay);
        limited.Limits.ShouldBe(Limits);
        (await world.Node.ConnectAsync(DialWorld.Peer, new ConnectOptions { AllowLimited = true })).ShouldBe(limited);
        world.Transport.Dials.Count.ShouldBe(1);

        // Without the word a better one is dialed for, not another limited one; where there is none the limited one is what there is.
        (await world.DialAsync(Relay, One)).ShouldBe(limited);
        world.Transport.Addresses.ShouldBe([Relay, One]);
        (await DialWorld.FailsAsync(world.Node.ConnectAsync(DialWorld.Peer, new ConnectOptions { ForceDirect = true, Addresses = DialWorld.Parse(Relay) }).AsTask())).Message.ShouldContain("ForceDirect");
        world.On(One, Ending.Connect);
        var unlimited = await world.Node.ConnectAsync(DialWorld.Peer, new ConnectOptions { ForceDirect = true, Addresses = DialWorld.Parse(One) });
        unlimited.Limits.ShouldBeNull();
        (await world.Node.ConnectAsync(DialWorld.Peer)).ShouldBe(unlimited);
    });

    [Fact]
    public Task Role_and_port_reach_the_transport() => DialWorld.RunAsync(async world =>
    {
        world.Otherwise = new Script(Ending.Connect);
        await world.Node.ConnectAsync(DialWorld.Peer, new ConnectOptions { Addresses = DialWorld.Parse(One), Role = ConnectionRole.Listener, PortUse = PortUse.Fresh });
        world.Transport.Dials.Single().Context.Role.ShouldBe(ConnectionRole.Listener);
        world.Transport.Dials.Single().Context.PortUse.ShouldBe(PortUse.Fresh);
    });

    [Fact]
    public Task Report_tells_what_was_tried_when_why_skipped_and_how_it_ended() => DialWorld.RunAsync(
        async world =>
        {
            var events = world.Node.Events().GetAsyncEnumerator();
            world.On(One, Ending.Refuse, 300);
            world.On("/ip4/45.0.0.9/udp/1/quic-v1", Ending.Connect, 400);
            var connection = await world.DialAsync(One, "/ip4/46.0.0.1/tcp/1", "/ip4/45.0.0.9/udp/1/quic-v1", Two, "/ip4/45.0.0.7/tcp/1");
            DialEnded? ended = null;
            while (ended is null && await events.MoveNextAsync()) ended = events.Current as DialEnded;
            ended!.Connection.ShouldBe(connection);
            ended.Error.ShouldBeNull();
            ended.Report.Took.ShouldBe(TimeSpan.FromMilliseconds(400));
            ended.Report.Attempts.Select(static attempt => attempt.Outcome).ShouldBe(
                [DialOutcome.Abandoned, DialOutcome.Skipped, DialOutcome.Connected, DialOutcome.Waiting, DialOutcome.Waiting]);
            ended.Report.Attempts[0].StartedAfter.ShouldBe(TimeSpan.FromMilliseconds(250));
            ended.Report.Attempts[0].Took.ShouldBe(TimeSpan.FromMilliseconds(150));
            ended.Report.Attempts[2].Steps.Single().ShouldBe(new DialStep("transport", TimeSpan.FromMilliseconds(400)));
        },
        static options => options.Gating.Block.Add("46.0.0.1"));

    private static async Task<SimulatedNode> StartAsync(Simulation simulation, string name, string address) =>
        await simulation.AddHost(name, null, System.Net.IPAddress.Parse(address)).StartNodeAsync(static node => node.AddTcp().AddNoise().AddYamux());

    private sealed class Routing(NodeRuntime runtime, params (TimeSpan After, string Address)[] finds) : IPeerRouting
    {
        public bool Fails { get; init; }

        public async IAsyncEnumerable<Multiaddr> FindAddressesAsync(PeerId peer, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            if (Fails) throw new InvalidOperationException("It is broken.");
            foreach (var (after, address) in finds)
            {
                await runtime.DelayAsync(after, cancellationToken);
                yield return Multiaddr.Parse(address);
            }
        }
    }
}
