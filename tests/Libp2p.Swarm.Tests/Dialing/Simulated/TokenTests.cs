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
            world.Dialer.Tokens.Held.ShouldBe(10);
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

    [Fact]
    public Task Nobody_is_dialed_with_the_tokens_of_a_dial_that_is_won() => DialWorld.RunAsync(
        async world =>
        {
            world.On(Address(2), Ending.Connect, 1000);
            await world.DialAsync([.. Enumerable.Range(1, 20).Select(Address)]);
            await world.Simulation.Delay(TimeSpan.FromSeconds(1));
            world.Transport.Addresses.ShouldBe([Address(1), Address(2), Address(3)]);
        },
        static options => options.Dialing.MaxDialsPerPeer = 3);

    /// <summary>A relayed dial may wait for the dial of its relay: were that one short of a token, all would wait for each other.</summary>
    [Fact]
    public Task Dials_through_relays_leave_tokens_for_the_dials_of_their_relays() => DialWorld.RunAsync(
        async world =>
        {
            var relayed = Enumerable.Range(1, 5).Select(number => DialWorld.FailsAsync(world.DialAsync(PeerOf(number), CancellationToken.None, [.. Enumerable.Range(1, 4).Select(index => Relayed(number, index))]))).ToArray();
            await world.Simulation.Delay(TimeSpan.FromSeconds(1));
            world.Transport.Now.ShouldBe(8);
            world.On(Address(1), Ending.Connect, 10);
            await world.DialAsync(Address(1));
            world.Now.ShouldBe(TimeSpan.FromMilliseconds(1010));
            foreach (var dial in relayed) await dial;
            world.Transport.Most.ShouldBe(9);
            world.Transport.Dials.Count.ShouldBe(21);
        },
        static options => (options.Dialing.MaxDials, options.Dialing.MaxDialsPerPeer) = (8, 8));

    [Fact]
    public Task Thousands_that_fail_at_once_for_each_token_released_do_not_pile_up_on_the_stack() => DialWorld.RunAsync(
        async world =>
        {
            world.Otherwise = new Script(Ending.Throw);
            world.On(Address(1), Ending.Refuse, 1000);
            var failure = await DialWorld.FailsAsync(world.DialAsync([.. Enumerable.Range(1, 10_000).Select(Address)]));
            failure.Report.Attempts.Length.ShouldBe(10_000);
            world.Now.ShouldBe(TimeSpan.FromSeconds(1));
        },
        static options => (options.Dialing.MaxDials, options.Dialing.MaxDialsPerPeer, options.Dialing.MaxAddresses) = (1, 1, 10_000));

    [Fact]
    public Task Peer_whose_dials_do_not_return_gathers_none_that_wait() => DialWorld.RunAsync(
        async world =>
        {
            var tokens = world.Dialer.Tokens.Enter(DialWorld.Peer);
            world.Otherwise = new Script(Ending.Stuck);
            for (var round = 0; round < 3; round++)
            {
                using var caller = new CancellationTokenSource();
                var dial = world.DialAsync(DialWorld.Peer, caller.Token, [.. Enumerable.Range(1, 100).Select(Address)]);
                await world.Simulation.Delay(TimeSpan.FromSeconds(1));
                tokens.Waiting.Sum(static waiting => waiting.Count).ShouldBe(round == 0 ? 92 : 100);
                caller.Cancel();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dial);
                tokens.Waiting.Sum(static waiting => waiting.Count).ShouldBe(0);
            }

            world.Transport.Release();
            world.Dialer.Tokens.Leave(tokens);
        });

    private static string Relayed(int peer, int index) => $"/ip4/45.0.{peer}.{index}/tcp/1/p2p/{TestIdentity.Stranger.PeerId}/p2p-circuit";

    private static PeerId PeerOf(int number) => TestIdentity.Get((byte)number).PeerId;

    private static string Address(int port) => $"/ip4/45.0.0.9/tcp/{port}";
}
