using Libp2p.Multiformats;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Dialing.Simulated;

/// <summary>Checklist: back-off set and cleared. Row 47.</summary>
public class BackOffTests
{
    private const string One = "/ip4/45.0.0.9/tcp/1";
    private const string Two = "/ip4/45.0.0.9/tcp/2";

    [Fact]
    public Task Row47_back_off_grows_by_the_square_of_failures_up_to_its_bound() => DialWorld.RunAsync(async world =>
    {
        world.Otherwise = new Script(Ending.Refuse);
        world.Remember(DialWorld.Peer, One);
        foreach (var seconds in (int[])[5, 6, 9, 14, 21, 30])
        {
            await DialWorld.FailsAsync(world.DialAsync());
            var dialed = world.Transport.Dials.Count;
            await world.Simulation.Delay(TimeSpan.FromSeconds(seconds - 0.5));
            var failure = await DialWorld.FailsAsync(world.DialAsync());
            failure.Message.ShouldContain("not tried again for 0.5 s");
            failure.Report.Attempts.Single().Outcome.ShouldBe(DialOutcome.Skipped);
            world.Transport.Dials.Count.ShouldBe(dialed);
            await world.Simulation.Delay(TimeSpan.FromSeconds(0.5));
        }

        for (var i = 0; i < 20; i++)
        {
            await DialWorld.FailsAsync(world.DialAsync());
            await world.Simulation.Delay(TimeSpan.FromMinutes(5));
        }

        world.Transport.Dials.Count.ShouldBe(26);
    });

    [Fact]
    public Task Back_off_is_of_one_address_of_one_peer() => DialWorld.RunAsync(async world =>
    {
        world.On(One, Ending.Refuse);
        world.On(Two, Ending.Connect, 5);
        world.Remember(DialWorld.Peer, One);
        await DialWorld.FailsAsync(world.DialAsync());
        world.Remember(DialWorld.Peer, Two);
        (await world.DialAsync()).Remote.ToString().ShouldBe(Two);

        var other = TestIdentity.Get(98).PeerId;
        world.Remember(other, One);
        await DialWorld.FailsAsync(world.Node.ConnectAsync(other).AsTask());
        world.Transport.Addresses.ShouldBe([One, Two, One]);
    });

    [Fact]
    public Task Back_off_is_cleared_once_the_peer_is_connected() => DialWorld.RunAsync(async world =>
    {
        world.On(One, Ending.Refuse);
        world.Remember(DialWorld.Peer, One);
        await DialWorld.FailsAsync(world.DialAsync());
        world.Dialer.BackOffs.Count.ShouldBe(1);
        world.On(Two, Ending.Connect);
        var connection = await world.DialAsync(Two);
        world.Dialer.BackOffs.Count.ShouldBe(0);
        await connection.CloseAsync();
        world.On(One, Ending.Connect);
        (await world.DialAsync()).Remote.ToString().ShouldBeOneOf(One, Two);
        world.Transport.Addresses.ShouldContain(One);
    });

    [Fact]
    public Task Back_offs_and_black_holes_are_forgotten_when_the_machine_slept() => DialWorld.RunAsync(async world =>
    {
        const string Quic = "/ip4/45.0.0.9/udp/1/quic-v1";
        world.Otherwise = new Script(Ending.Refuse);
        await DialWorld.FailsAsync(world.DialAsync([.. Enumerable.Range(1, 100).Select(static port => $"/ip4/45.0.0.9/udp/{port}/quic-v1")]));
        await world.Simulation.Delay(TimeSpan.FromSeconds(1));
        world.Dialer.BackOffs.Count.ShouldBe(100);
        world.Dialer.BlackHoles.Refuse(Multiaddr.Parse(Quic)).ShouldNotBeNull();

        world.Host.JumpClock(TimeSpan.FromHours(1));
        await world.Simulation.Delay(world.Node.Context.Options.NetworkCheckInterval);
        world.Dialer.BackOffs.Count.ShouldBe(0);
        world.Dialer.BlackHoles.Refuse(Multiaddr.Parse(Quic)).ShouldBeNull();
    });

    [Fact]
    public Task Caller_who_names_the_address_is_not_held_up() => DialWorld.RunAsync(async world =>
    {
        world.On(One, Ending.Refuse);
        await DialWorld.FailsAsync(world.DialAsync(One));
        world.On(One, Ending.Connect);
        await world.DialAsync(One);
        world.Now.ShouldBe(TimeSpan.Zero);
    });

    [Fact]
    public Task Cancelled_dial_is_held_against_nobody() => DialWorld.RunAsync(async world =>
    {
        using var caller = new CancellationTokenSource();
        var dial = world.DialAsync(DialWorld.Peer, caller.Token, One);
        await world.Simulation.Delay(TimeSpan.FromSeconds(1));
        caller.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dial);
        await world.Simulation.Delay(TimeSpan.FromSeconds(1));
        world.Dialer.BackOffs.Count.ShouldBe(0);
    });

    [Fact]
    public Task Row47_back_offs_are_bounded_and_forgotten() => DialWorld.RunAsync(
        async world =>
        {
            world.Otherwise = new Script(Ending.Refuse);
            for (var round = 0; round < 10; round++)
            {
                await DialWorld.FailsAsync(world.DialAsync([.. Enumerable.Range((100 * round) + 1, 100).Select(static port => $"/ip4/45.0.0.9/tcp/{port}")]));
                world.Dialer.BackOffs.Count.ShouldBeLessThanOrEqualTo(50);
            }

            await world.Simulation.Delay(TimeSpan.FromSeconds(11));
            await DialWorld.FailsAsync(world.DialAsync(One));
            world.Dialer.BackOffs.Count.ShouldBe(1);
        },
        static options => options.Dialing.MaxBackOffs = 50);
}
