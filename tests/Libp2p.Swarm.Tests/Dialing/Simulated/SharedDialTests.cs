using Libp2p.Multiformats;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Dialing.Simulated;

/// <summary>Checklist: concurrent dials deduplicated; last cancel cancels all; existing connection reused; duplicate address dialled once; self and own addresses refused.</summary>
public class SharedDialTests
{
    private const string One = "/ip4/45.0.0.9/tcp/1";
    private const string Two = "/ip4/45.0.0.9/tcp/2";

    [Fact]
    public Task Concurrent_dials_are_deduplicated_however_many_ask() => DialWorld.RunAsync(async world =>
    {
        world.On(One, Ending.Connect, 50);
        var dials = Enumerable.Range(0, 100).Select(_ => world.DialAsync(One)).ToArray();
        foreach (var dial in dials) (await dial).ShouldBe(await dials[0]);
        world.Transport.Addresses.ShouldBe([One]);
        (await world.Node.ConnectAsync(DialWorld.Peer)).ShouldBe(await dials[0]);
        world.Transport.Dials.Count.ShouldBe(1);
    });

    [Fact]
    public Task Who_joins_brings_addresses() => DialWorld.RunAsync(async world =>
    {
        var first = world.DialAsync(One);
        await world.Simulation.Delay(TimeSpan.FromSeconds(1));
        world.On(Two, Ending.Connect, 20);
        var second = world.DialAsync(Two);
        (await first).ShouldBe(await second);
        world.Now.ShouldBe(TimeSpan.FromMilliseconds(1020));
    });

    [Fact]
    public Task Duplicate_address_is_dialed_once() => DialWorld.RunAsync(async world =>
    {
        world.Remember(DialWorld.Peer, One);
        var options = new ConnectOptions { Addresses = DialWorld.Parse(One, One, $"{One}/p2p/{DialWorld.Peer}") };
        await DialWorld.FailsAsync(world.Node.ConnectAsync(DialWorld.Peer, options).AsTask());
        world.Transport.Addresses.ShouldBe([One]);
    });

    [Fact]
    public Task Last_cancel_cancels_all_and_no_other_does() => DialWorld.RunAsync(async world =>
    {
        var callers = Enumerable.Range(0, 3).Select(static _ => new CancellationTokenSource()).ToArray();
        var dials = callers.Select(caller => world.DialAsync(DialWorld.Peer, caller.Token, One, Two)).ToArray();
        await world.Simulation.Delay(TimeSpan.FromSeconds(1));
        for (var i = 0; i < callers.Length; i++)
        {
            world.Transport.Dials.ShouldAllBe(static dial => !dial.WasGivenUp);
            callers[i].Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dials[i]);
        }

        await world.Simulation.Delay(TimeSpan.FromMilliseconds(1));
        world.Transport.Dials.ShouldAllBe(static dial => dial.WasGivenUp);
        world.ShouldBeIdle();
        world.On(One, Ending.Connect);
        await world.DialAsync(One);
    });

    [Fact]
    public Task Error_never_counts_as_success() => DialWorld.RunAsync(async world =>
    {
        world.On(One, Ending.Connect, 10, TestIdentity.Get(98));
        world.On(Two, Ending.Refuse, 20);
        var failure = await DialWorld.FailsAsync(world.DialAsync(One, Two));
        failure.Report.Attempts.ShouldAllBe(static attempt => attempt.Outcome == DialOutcome.Failed);
        failure.InnerException.ShouldBeOfType<PeerIdMismatchException>().Actual.ShouldBe(TestIdentity.Get(98).PeerId);
        world.Node.Connections.ShouldBeEmpty();
        world.Transport.Connections.Single().HasEnded.ShouldBeTrue();
    });

    [Fact]
    public Task Self_and_own_addresses_are_refused() => DialWorld.RunAsync(async world =>
    {
        (await DialWorld.FailsAsync(world.DialAsync(world.Node.PeerId, CancellationToken.None, One))).Message.ShouldContain("itself");
        (await DialWorld.FailsAsync(world.Node.ConnectAsync(Multiaddr.Parse($"{One}/p2p/{world.Node.PeerId}")).AsTask())).Layer.ShouldBe(ConnectionLayer.Address);
        world.Transport.Dials.ShouldBeEmpty();
    });

    [Fact]
    public Task Existing_connection_is_reused_and_a_new_one_only_by_force() => DialWorld.RunAsync(async world =>
    {
        world.Otherwise = new Script(Ending.Connect);
        var first = await world.DialAsync(One);
        (await world.DialAsync(Two)).ShouldBe(first);
        world.Remember(DialWorld.Peer, One);
        var again = await world.Node.ConnectAsync(DialWorld.Peer, new ConnectOptions { ForceNew = true, Addresses = DialWorld.Parse(Two) });
        again.ShouldNotBe(first);

        // What is remembered was not dialed beside.
        world.Transport.Addresses.ShouldBe([One, Two]);
        (await world.Node.ConnectAsync(DialWorld.Peer, new ConnectOptions { ForceNew = true })).Id.ShouldBeGreaterThan(again.Id);
    });

    [Fact]
    public Task Peer_has_a_limit_over_all_its_addresses() => DialWorld.RunAsync(async world =>
    {
        var many = Enumerable.Range(1, 60).Select(static port => $"/ip4/45.0.0.9/tcp/{port}").ToArray();
        var failure = await DialWorld.FailsAsync(world.DialAsync(many));
        world.Now.ShouldBe(TimeSpan.FromSeconds(60));
        failure.Message.ShouldContain("Dialing:PeerTimeout");
        failure.Report.Attempts.ShouldContain(static attempt => attempt.Outcome == DialOutcome.Waiting);
    });

    [Fact]
    public Task Address_has_a_limit_private_ones_a_shorter_one() => DialWorld.RunAsync(async world =>
    {
        await DialWorld.FailsAsync(world.DialAsync("/ip4/10.0.0.1/tcp/1"));
        world.Now.ShouldBe(TimeSpan.FromSeconds(5));
        await DialWorld.FailsAsync(world.DialAsync(One));
        world.Now.ShouldBe(TimeSpan.FromSeconds(20));
    });

    [Fact]
    public Task Stop_ends_every_dial() => DialWorld.RunAsync(async world =>
    {
        var dials = Enumerable.Range(1, 30).Select(number => world.DialAsync(TestIdentity.Get((byte)number).PeerId, CancellationToken.None, One)).ToArray();
        await world.Node.StopAsync();
        foreach (var dial in dials) await Assert.ThrowsAsync<ConnectionClosedException>(() => dial);
        world.ShouldBeIdle();
    });
}
