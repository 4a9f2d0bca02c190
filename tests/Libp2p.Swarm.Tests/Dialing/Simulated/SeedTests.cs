using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Dialing.Simulated;

/// <summary>
/// What holds of every dial, whatever peers, addresses, callers and faults a seed draws: no caller is lost, tokens return, limits and ranking are kept, the last cancel cancels all, and who is
/// stuck stalls no other. A share of the seeds runs each time, a thousand by <c>tests/long/run seeds</c>.
/// </summary>
public class SeedTests
{
    [Fact]
    public async Task Invariants_hold_under_every_seed()
    {
        var options = new SimulationOptions { MaxVirtualTime = TimeSpan.FromDays(1), Trace = TraceDetail.Faults };
        await Simulation.RunSeedsAsync(100, RunAsync, options, TestContext.Current.CancellationToken);
    }

    private static Task RunAsync(Simulation simulation) => DialWorld.RunAsync(
        simulation,
        async world =>
        {
            var random = simulation.Random;
            world.Otherwise = new Script(Ending.Silence);
            var callers = new List<Task>();
            var peers = 2 + random.Next(12);
            for (var number = 1; number <= peers; number++)
            {
                var peer = TestIdentity.Get((byte)(100 + number)).PeerId;
                var addresses = Enumerable.Range(1, 1 + random.Next(12)).Select(index => Draw(world, number, index)).Distinct().ToArray();
                for (var caller = 1 + random.Next(4); caller > 0; caller--)
                {
                    var some = addresses.Where(_ => random.Next(3) > 0).ToArray();
                    callers.Add(CallAsync(world, peer, some.Length > 0 ? some : addresses, random.Next(4) == 0 ? random.Next(20_000) : -1));
                }

                await simulation.Delay(TimeSpan.FromMilliseconds(random.Next(3000)));
                if (random.Next(3) == 0) world.Remember(peer, Draw(world, number, 20));
            }

            // Everybody is told, in the time that a peer may take and the callers were told to wait.
            var start = world.Now;
            foreach (var caller in callers) await caller;
            (world.Now - start).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(60));
            await simulation.Delay(TimeSpan.FromMilliseconds(1));
            world.ShouldBeIdle();
            world.Transport.Most.ShouldBeLessThanOrEqualTo(20);
            world.Transport.MostOfPeer.ShouldBeLessThanOrEqualTo(4);
            foreach (var connection in world.Transport.Connections)
            {
                (connection.HasEnded || world.Node.Connections.Any(open => open.RemotePeer == connection.RemotePeer)).ShouldBeTrue("a connection that nobody has");
            }

            world.Node.Connections.Select(static open => open.RemotePeer).ShouldBeUnique();
        },
        static options =>
        {
            options.Dialing.MaxDials = 20;
            options.Dialing.MaxDialsPerPeer = 4;
        });

    private static string Draw(DialWorld world, int peer, int index)
    {
        var random = world.Simulation.Random;
        var address = random.Next(5) switch
        {
            0 => $"/ip4/45.0.{peer}.{index}/udp/1/quic-v1",
            1 => $"/ip6/2a00::{peer}:{index}/udp/1/quic-v1",
            2 => $"/ip6/2a00::{peer}:{index}/tcp/1",
            3 => $"/ip4/10.0.{peer}.{index}/tcp/1",
            _ => $"/ip4/45.0.{peer}.{index}/tcp/1",
        };
        var wrong = random.Next(8) == 0 ? TestIdentity.Stranger : null;
        var ending = random.Next(4) switch { 0 => Ending.Connect, 1 => Ending.Silence, _ => Ending.Refuse };
        world.On(address, ending, random.Next(6000), wrong);
        return address;
    }

    private static async Task CallAsync(DialWorld world, PeerId peer, string[] addresses, int patience)
    {
        using var caller = patience < 0 ? new CancellationTokenSource() : new CancellationTokenSource(TimeSpan.FromMilliseconds(patience), world.Simulation.Time);
        var start = world.Now;
        try
        {
            var connection = await world.DialAsync(peer, caller.Token, addresses);
            connection.RemotePeer.ShouldBe(peer);
        }
        catch (DialException failure)
        {
            // An error names what became of every address, and better ranked ones were not tried after worse ones of the same moment.
            failure.Report.Attempts.ShouldNotBeEmpty();
            failure.Report.Attempts.ShouldAllBe(static attempt => attempt.Outcome != DialOutcome.Connected && attempt.Outcome != DialOutcome.Dialing || attempt.Error == null);
            failure.Report.Attempts.ShouldAllBe(static attempt => attempt.StartedAfter == null || attempt.DueAfter <= attempt.StartedAfter);
        }
        catch (OperationCanceledException) when (caller.IsCancellationRequested)
        {
            (world.Now - start).ShouldBe(TimeSpan.FromMilliseconds(patience));
        }
    }
}
