namespace Libp2p.Swarm.Tests.Dialing.Simulated;

/// <summary>Checklist: ranking delays QUIC &lt; TCP &lt; relay.</summary>
public class RankingTests
{
    private const string Quic6 = "/ip6/2a00::1/udp/1/quic-v1";
    private const string Quic4 = "/ip4/45.0.0.9/udp/1/quic-v1";
    private const string MoreQuic = "/ip4/45.0.0.9/udp/2/quic-v1";
    private const string Tcp6 = "/ip6/2a00::1/tcp/1";
    private const string Tcp4 = "/ip4/45.0.0.9/tcp/1";
    private const string MoreTcp = "/ip6/2a00::1/tcp/2";
    private const string WebRtc = "/ip4/45.0.0.9/udp/3/webrtc-direct";
    private const string Relay = "/ip4/45.0.0.8/tcp/1/p2p/12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq/p2p-circuit";
    private const string NearTcp = "/ip4/10.0.0.1/tcp/1";
    private const string NearQuic = "/ip4/10.0.0.1/udp/1/quic-v1";

    [Fact]
    public Task Ranking_delays_quic_tcp_relay() => DialWorld.RunAsync(async world =>
    {
        // In the worst order.
        await DialWorld.FailsAsync(world.DialAsync(Relay, WebRtc, MoreTcp, Tcp4, Quic4, MoreQuic, Quic6));
        var ladder = new[] { (Quic6, 0), (Quic4, 250), (MoreQuic, 500), (MoreTcp, 750), (Tcp4, 1000), (WebRtc, 1250) };
        foreach (var (address, milliseconds) in ladder) world.At(address).ShouldBe(TimeSpan.FromMilliseconds(milliseconds), address);
        world.At(Relay).ShouldBe(TimeSpan.FromMilliseconds(500));
    });

    [Fact]
    public Task Rest_of_tcp_comes_after_the_first_of_each_family() => DialWorld.RunAsync(async world =>
    {
        await DialWorld.FailsAsync(world.DialAsync(Tcp4, Tcp6, MoreTcp));
        world.Transport.Addresses.ShouldBe([Tcp6, Tcp4, MoreTcp]);
        world.At(Tcp4).ShouldBe(TimeSpan.FromMilliseconds(250));
        world.At(MoreTcp).ShouldBe(TimeSpan.FromMilliseconds(500));
    });

    [Fact]
    public Task Private_and_public_are_dialed_side_by_side_each_with_its_own_delay() => DialWorld.RunAsync(async world =>
    {
        await DialWorld.FailsAsync(world.DialAsync(NearTcp, Tcp4, NearQuic, Quic4));
        world.At(NearQuic).ShouldBe(TimeSpan.Zero);
        world.At(Quic4).ShouldBe(TimeSpan.Zero);
        world.At(NearTcp).ShouldBe(TimeSpan.FromMilliseconds(30));
        world.At(Tcp4).ShouldBe(TimeSpan.FromMilliseconds(250));
    });

    [Fact]
    public Task Relay_alone_waits_for_nobody() => DialWorld.RunAsync(async world =>
    {
        await DialWorld.FailsAsync(world.DialAsync(Relay, NearTcp));
        world.At(Relay).ShouldBe(TimeSpan.Zero);
    });

    [Fact]
    public Task Nothing_in_flight_the_next_starts_at_once_and_all_after_it_sooner() => DialWorld.RunAsync(async world =>
    {
        world.On(Quic4, Ending.Refuse, 10);
        await DialWorld.FailsAsync(world.DialAsync(Tcp4, Tcp6, Quic4));
        world.At(Tcp6).ShouldBe(TimeSpan.FromMilliseconds(10));
        world.At(Tcp4).ShouldBe(TimeSpan.FromMilliseconds(260));
    });

    [Fact]
    public Task Better_one_that_comes_late_does_not_wait() => DialWorld.RunAsync(async world =>
    {
        var dial = world.DialAsync(Tcp4);
        await world.Simulation.Delay(TimeSpan.FromMilliseconds(100));
        world.Remember(DialWorld.Peer, Quic6);
        await world.Simulation.Delay(TimeSpan.FromMilliseconds(1));
        world.At(Quic6).ShouldBe(TimeSpan.FromMilliseconds(100));
        await DialWorld.FailsAsync(dial);
    });

    [Fact]
    public Task Winner_ends_those_that_are_under_way_and_those_that_wait() => DialWorld.RunAsync(async world =>
    {
        world.On(Quic4, Ending.Connect, 400);
        (await world.DialAsync(Tcp4, Tcp6, Quic4)).Remote.ToString().ShouldBe(Quic4);
        world.Now.ShouldBe(TimeSpan.FromMilliseconds(400));
        world.Transport.Addresses.ShouldBe([Quic4, Tcp6]);
        await world.Simulation.Delay(TimeSpan.FromMilliseconds(1));
        world.Transport.Dials[1].WasGivenUp.ShouldBeTrue();
        world.ShouldBeIdle();
    });

    [Fact]
    public Task Delays_are_options() => DialWorld.RunAsync(
        async world =>
        {
            await DialWorld.FailsAsync(world.DialAsync(Relay, Tcp4, Quic4, NearTcp, NearQuic));
            world.Transport.Dials.ShouldAllBe(static dial => dial.At == TimeSpan.Zero);
        },
        static options => options.Dialing.Delay = options.Dialing.PrivateDelay = options.Dialing.RelayDelay = TimeSpan.Zero);
}
