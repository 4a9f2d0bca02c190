using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Dialing.Simulated;

/// <summary>Checklist: descriptor and per-peer limits redistribute; one stuck peer stalls no other. Row 47.</summary>
public class TokenTests
{
    [Fact]
    public Task Row47_per_peer_limit_holds_and_a_token_released_starts_the_next_at_once() => DialWorld.RunAsync(async world =>
    {
        for (var port = 1; port <= 20; port++) world.On(Address(port), Ending.Refuse, 1000 * port);
        await DialWorld.FailsAsync(world.DialAsync([.. Enumerable.Range(1, 20).Select(Address)]));
        world.Transport.MostOfPeer.ShouldBe(8);

        // The first address has its turn at once, the others a step later: 8 at once, then one for each that ends.
        world.At(Address(8)).ShouldBe(TimeSpan.FromMilliseconds(250));
        world.At(Address(9)).ShouldBe(TimeSpan.FromMilliseconds(1000));
        world.At(Address(10)).ShouldBe(TimeSpan.FromMilliseconds(2250));
        world.At(Address(11)).ShouldBe(TimeSpan.FromMilliseconds(3250));
    });

    [Fact]
    public Task Row47_descriptors_are_shared_by_all_and_go_to_who_waits() => DialWorld.RunAsync(
        async world =>
        {
            var dials = Enumerable.Range(1, 5).Select(number => DialWorld.FailsAsync(world.DialAsync(PeerOf(number), CancellationToken.None, [.. Enumerable.Range(100 * number, 4).Select(Address)]))).ToArray();
            await world.Simulation.Delay(TimeSpan.FromSeconds(1));
            world.Transport.Now.ShouldBe(10);
            world.Dialer.Tokens.Free.ShouldBe(0);
            foreach (var dial in dials) await dial;
            world.Transport.Most.ShouldBe(10);
            world.Transport.Dials.Count.ShouldBe(20);

            // All that ended at 15 s were replaced at that moment.
            world.Transport.Dials.Count(static dial => dial.At == TimeSpan.FromSeconds(15)).ShouldBeGreaterThan(0);
        },
        static options => (options.Dialing.MaxDials, options.Dialing.MaxDialsPerPeer) = (10, 4));

    [Fact]
    public Task One_stuck_peer_stalls_no_other() => DialWorld.RunAsync(
        async world =>
        {
            var stuck = DialWorld.FailsAsync(world.DialAsync(PeerOf(1), CancellationToken.None, [.. Enumerable.Range(1, 100).Select(Address)]));
            await world.Simulation.Delay(TimeSpan.FromSeconds(1));
            for (var number = 2; number <= 20; number++)
            {
                var address = Address(1000 + number);
                world.On(address, Ending.Connect, 10);
                var before = world.Now;
                await world.DialAsync(PeerOf(number), CancellationToken.None, address);
                (world.Now - before).ShouldBe(TimeSpan.FromMilliseconds(10));
            }

            await stuck;
        },
        static options => options.Dialing.MaxDials = 9);

    [Fact]
    public Task All_who_dial_a_peer_share_its_tokens() => DialWorld.RunAsync(async world =>
    {
        var options = new ConnectOptions { ForceNew = true, Addresses = DialWorld.Parse([.. Enumerable.Range(1, 8).Select(Address)]) };
        var dials = Enumerable.Range(0, 4).Select(_ => DialWorld.FailsAsync(world.Node.ConnectAsync(DialWorld.Peer, options).AsTask())).ToArray();
        foreach (var dial in dials) await dial;
        world.Transport.MostOfPeer.ShouldBe(8);
    });

    [Fact]
    public Task Better_ranked_goes_first_among_those_that_wait() => DialWorld.RunAsync(
        async world =>
        {
            var dial = DialWorld.FailsAsync(world.DialAsync("/ip4/45.0.0.9/tcp/1", "/ip4/45.0.0.9/tcp/2", "/ip4/45.0.0.9/udp/1/quic-v1"));
            await world.Simulation.Delay(TimeSpan.FromSeconds(2));
            world.Remember(DialWorld.Peer, "/ip4/45.0.0.9/udp/2/quic-v1");
            await dial;
            world.Transport.Addresses.ShouldBe(["/ip4/45.0.0.9/udp/1/quic-v1", "/ip4/45.0.0.9/tcp/1", "/ip4/45.0.0.9/udp/2/quic-v1", "/ip4/45.0.0.9/tcp/2"]);
        },
        static options => options.Dialing.MaxDialsPerPeer = 1);

    private static PeerId PeerOf(int number) => TestIdentity.Get((byte)number).PeerId;

    private static string Address(int port) => $"/ip4/45.0.0.9/tcp/{port}";
}
