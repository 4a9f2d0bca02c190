using System.Net;
using Libp2p.Multiformats;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Dialing.Simulated;

/// <summary>
/// A whole node dials others over a simulated network that is partitioned, cut and lossy, and whose machines fail: every caller is told in time, nothing is held afterwards, and once the
/// network is whole again everybody is reached. A share of the seeds runs each time, a thousand by <c>tests/long/run seeds</c>.
/// </summary>
public class FaultSeedTests
{
    private static readonly TimeSpan _faultsFor = TimeSpan.FromSeconds(90);

    [Fact]
    public Task Every_caller_is_told_whatever_fails() => Simulation.RunSeedsAsync(
        10, RunAsync, new SimulationOptions { Trace = TraceDetail.Faults }, TestContext.Current.CancellationToken);

    private static async Task RunAsync(Simulation simulation)
    {
        var random = simulation.Random;
        var dialer = await StartAsync(simulation.AddHost("dialer"));
        var swarm = (SwarmNode)dialer.Node;
        var remotes = Enumerable.Range(1, 2 + random.Next(3)).Select(number => new Remote(simulation, number, random.Next(2) == 0 ? 1 : 2)).ToArray();
        foreach (var remote in remotes) await remote.StartAsync();

        var end = simulation.Now + _faultsFor;
        var callers = remotes.SelectMany(remote => Enumerable.Range(0, 1 + random.Next(5)).Select(_ => CallAsync(remote, TimeSpan.FromMilliseconds(random.Next(80_000))))).ToArray();
        await Task.WhenAll(FailAsync(dialer.Host, remotes, end), Task.WhenAll(callers));
        foreach (var remote in remotes)
        {
            if (!remote.Host.IsUp) await remote.RestartAsync();
        }

        // As long as a connection to who has gone may seem alive.
        await simulation.Delay(TimeSpan.FromMinutes(2));
        swarm.Dialer.Running.ShouldBe(0);
        swarm.Dialer.Tokens.Held.ShouldBe(0);
        swarm.Dialer.Tokens.Peers.ShouldBe(0);
        foreach (var remote in remotes)
        {
            var connection = await swarm.ConnectAsync(remote.Host.Identity.PeerId, new ConnectOptions { Addresses = [.. remote.Addresses] });
            connection.Completion.IsCompleted.ShouldBeFalse();
        }

        await dialer.DisposeAsync();
        swarm.Context.Governor.Connections.ShouldBe(0);
        swarm.Context.Governor.Reserved.ShouldBe(0);
        foreach (var remote in remotes) await remote.Node.DisposeAsync();

        async Task CallAsync(Remote remote, TimeSpan at)
        {
            await simulation.Delay(at);
            var patience = random.Next(4) == 0 ? TimeSpan.FromMilliseconds(random.Next(20_000)) : TimeSpan.FromHours(1);
            using var caller = new CancellationTokenSource(patience, simulation.Time);
            var start = simulation.Now;
            try
            {
                var connection = await swarm.ConnectAsync(remote.Host.Identity.PeerId, new ConnectOptions { Addresses = [.. remote.Addresses, Multiaddr.Parse("/ip4/45.99.0.1/tcp/1")] }, caller.Token);
                connection.RemotePeer.ShouldBe(remote.Host.Identity.PeerId);
                if (random.Next(2) == 0) _ = connection.CloseAsync().AsTask();
            }
            catch (DialException failure)
            {
                failure.Report.Attempts.Length.ShouldBeGreaterThanOrEqualTo(remote.Addresses.Length);
            }
            catch (OperationCanceledException) when (caller.IsCancellationRequested)
            {
            }

            (simulation.Now - start).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(75));
        }
    }

    private static async Task FailAsync(SimulatedHost dialer, Remote[] remotes, TimeSpan end)
    {
        var simulation = remotes[0].Simulation;
        var random = simulation.Random;
        while (simulation.Now < end)
        {
            await simulation.Delay(TimeSpan.FromMilliseconds(random.Next(8000)));
            var remote = remotes[random.Next(remotes.Length)];
            switch (random.Next(4))
            {
                case 0:
                    using (simulation.Partition([.. remotes.Where(_ => random.Next(2) == 0).Select(static other => other.Host)], random.Next(2) == 0 ? PartitionKind.Silent : PartitionKind.Unreachable))
                    {
                        await simulation.Delay(TimeSpan.FromMilliseconds(random.Next(25_000)));
                    }

                    break;
                case 1:
                    simulation.Cut(dialer, remote.Host);
                    break;
                case 2:
                    simulation.SetLink(dialer, remote.Host, random.Next(2) == 0 ? null : new LinkOptions { Latency = TimeSpan.FromMilliseconds(random.Next(400)), Loss = 0.2 });
                    break;
                default:
                    remote.Host.Crash(random.Next(2) == 0 ? CrashKind.Power : CrashKind.Process);
                    await simulation.Delay(TimeSpan.FromMilliseconds(random.Next(20_000)));
                    await remote.RestartAsync();
                    break;
            }
        }

        foreach (var remote in remotes) simulation.SetLink(dialer, remote.Host, null);
    }

    private static Task<SimulatedNode> StartAsync(SimulatedHost host, params string[] listen) => host.StartNodeAsync(static node => node.AddTcp().AddNoise().AddYamux(), listen);

    /// <summary>A node with one address or two, each with the same port in each of its lives.</summary>
    private sealed class Remote(Simulation simulation, int number, int addresses)
    {
        public Simulation Simulation => simulation;

        public SimulatedHost Host { get; } = simulation.AddHost($"remote{number}", null, [.. Enumerable.Range(1, addresses).Select(index => IPAddress.Parse($"45.0.{number}.{index}"))]);

        public SimulatedNode Node { get; private set; } = null!;

        public Multiaddr[] Addresses => [.. Host.Addresses.Select(static address => Multiaddr.Parse($"/ip4/{address}/tcp/4001"))];

        public async Task StartAsync() => Node = await FaultSeedTests.StartAsync(Host, [.. Addresses.Select(static address => address.ToString())]);

        public Task RestartAsync()
        {
            Host.Restart();
            return StartAsync();
        }
    }
}
