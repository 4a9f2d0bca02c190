using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Dialing.Simulated;

/// <summary>
/// What holds of every dial, whatever peers, addresses, callers, partitions and other faults a seed draws: no caller is lost, tokens return, limits and ranking are kept, the last cancel
/// cancels all, and who is stuck stalls no other. A share of the seeds runs each time, a thousand by <c>tests/long/run seeds</c>.
/// </summary>
public class SeedTests
{
    private static readonly SimulationOptions _options = new() { MaxVirtualTime = TimeSpan.FromDays(1), Trace = TraceDetail.Faults };

    [Fact]
    public async Task Invariants_hold_under_every_seed() => await Simulation.RunSeedsAsync(100, HoldAsync, _options, TestContext.Current.CancellationToken);

    /// <summary>The same callers, beside a peer that many dial and that never answers, and without it: everybody is told the same, at the same moment.</summary>
    [Fact]
    public async Task One_stuck_peer_stalls_no_other_under_any_seed() => await Simulation.RunSeedsAsync(100, BesideAsync, _options, TestContext.Current.CancellationToken);

    private static Task HoldAsync(Simulation simulation) => DialWorld.RunAsync(
        simulation,
        async world =>
        {
            var plan = DialPlan.Draw(simulation.Random);
            plan.Prepare(world);
            var reports = new List<DialReport>();
            _ = GatherAsync(world.Node, reports);
            var cuts = CutAndHealAsync(world, plan);
            var told = await plan.RunAsync(world);
            told.ShouldAllBe(static end => end.After <= TimeSpan.FromSeconds(60));
            foreach (var end in told.Where(static end => end.Failure is not null))
            {
                // An error names what became of every address.
                end.Failure!.Report.Attempts.ShouldNotBeEmpty();
                end.Failure.Report.Attempts.ShouldAllBe(static attempt => attempt.Outcome != DialOutcome.Connected && attempt.Outcome != DialOutcome.Dialing || attempt.Error == null);
            }

            // In the time that they may take: those whom nobody waits for any more end at once.
            await simulation.Delay(TimeSpan.FromMilliseconds(1));
            world.ShouldBeIdle();
            world.Transport.MostDirect.ShouldBeLessThanOrEqualTo(20);
            world.Transport.Most.ShouldBeLessThanOrEqualTo(40);
            world.Transport.MostOfPeer.ShouldBeLessThanOrEqualTo(4);
            reports.Count.ShouldBeGreaterThan(0);
            foreach (var report in reports) Ranks.ShouldBeKept(report);
            foreach (var connection in world.Transport.Connections)
            {
                (connection.HasEnded || world.Node.Connections.Any(open => open.RemotePeer == connection.RemotePeer)).ShouldBeTrue("a connection that nobody has");
            }

            world.Node.Connections.Select(static open => open.RemotePeer).ShouldBeUnique();
            await cuts;
        },
        static options => (options.Dialing.MaxDials, options.Dialing.MaxDialsPerPeer) = (20, 4));

    private static async Task BesideAsync(Simulation simulation)
    {
        var plan = DialPlan.Draw(simulation.Random);
        var (alone, beside) = (await StartAsync("alone"), await StartAsync("beside"));
        var stuck = TestIdentity.Stranger.PeerId;
        var dials = Enumerable.Range(0, 3).Select(_ => DialWorld.FailsAsync(beside.Node.ConnectAsync(stuck, new ConnectOptions
        {
            ForceNew = true,
            Addresses = DialWorld.Parse([.. Enumerable.Range(1, 100).Select(static port => $"/ip4/45.0.200.1/tcp/{port}")]),
        }).AsTask())).ToArray();
        await simulation.Delay(TimeSpan.FromSeconds(1));

        var (withoutIt, withIt) = (plan.RunAsync(alone), plan.RunAsync(beside));
        (await withIt).ShouldBe(await withoutIt);
        foreach (var dial in dials) await dial;
        beside.Transport.MostOfPeer.ShouldBeLessThanOrEqualTo(4);
        await alone.StopAsync();
        await beside.StopAsync();

        async Task<DialWorld> StartAsync(string name)
        {
            var world = await DialWorld.StartAsync(simulation, name, static options => options.Dialing.MaxDialsPerPeer = 4);
            plan.Prepare(world);
            return world;
        }
    }

    private static async Task GatherAsync(SwarmNode node, List<DialReport> reports)
    {
        await foreach (var happened in node.Events())
        {
            if (happened is DialEnded ended) reports.Add(ended.Report);
        }
    }

    /// <summary>Now all of the network, now a peer, now a kind of address is cut off for a while; sometimes two at once.</summary>
    private static async Task CutAndHealAsync(DialWorld world, DialPlan plan)
    {
        var random = world.Simulation.Random;
        Action? before = null;
        for (var cuts = random.Next(6); cuts > 0; cuts--)
        {
            await world.Simulation.Delay(TimeSpan.FromMilliseconds(random.Next(4000)));
            var (what, peer) = (random.Next(4), 1 + random.Next(plan.Peers));
            world.Simulation.Note($"cut {what} {peer}");
            var heal = world.Cut(address => what switch
            {
                0 => true,
                1 => address.StartsWith("/ip6/", StringComparison.Ordinal),
                2 => address.Contains("/udp/", StringComparison.Ordinal),
                _ => plan.IsOf(peer, address),
            });
            before?.Invoke();
            before = random.Next(3) == 0 ? heal : null;
            if (before is not null) continue;
            await world.Simulation.Delay(TimeSpan.FromMilliseconds(random.Next(10_000)));
            world.Simulation.Note($"heal {what} {peer}");
            heal();
        }

        before?.Invoke();
    }
}
