using Libp2p.Hosting;
using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>
/// Nodes with little of everything, under faults that a seed chooses: what they hold is never more than they may, and nothing once they have stopped (which every simulation asks of its nodes).
/// </summary>
public class GovernorSeedTests
{
    private static readonly ProtocolId Echo = new("/seeds/echo/1.0.0");
    private static readonly ProtocolId Hold = new("/seeds/hold/1.0.0");

    [Fact]
    public Task Counters_return_to_zero_whatever_fails() => Simulation.RunSeedsAsync(20, RunAsync, new SimulationOptions { Trace = TraceDetail.Connections }, TestContext.Current.CancellationToken);

    private static async Task RunAsync(Simulation simulation)
    {
        var random = simulation.Random;
        simulation.Links = new LinkOptions { Latency = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(20), Loss = random.Next(3) * 0.01 };
        var nodes = new List<SimulatedNode>();
        for (var number = 0; number < 5; number++) nodes.Add(await StartAsync(simulation.AddHost($"n{number}")));
        var work = nodes.Select(node => WorkAsync(node.Host)).ToList();
        for (var fault = 0; fault < 4; fault++)
        {
            await simulation.Delay(TimeSpan.FromMilliseconds(random.Next(3000)));
            foreach (var node in nodes) ShouldBeWithinLimits(node);
            var victim = random.Next(nodes.Count);
            var host = nodes[victim].Host;
            switch (random.Next(5))
            {
                case 0:
                    simulation.Cut(host, nodes[(victim + 1) % nodes.Count].Host);
                    break;
                case 1:
                    using (simulation.Partition([host])) await simulation.Delay(TimeSpan.FromMilliseconds(random.Next(20_000)));
                    break;
                case 2:
                    host.Crash(random.Next(2) == 0 ? CrashKind.Power : CrashKind.Process);
                    await simulation.Delay(TimeSpan.FromMilliseconds(random.Next(2000)));
                    host.Restart();
                    nodes[victim] = await StartAsync(host);
                    work.Add(WorkAsync(host));
                    break;
                case 3:
                    host.JumpClock(TimeSpan.FromDays(random.Next(2000) - 1000));
                    break;
                default:
                    await nodes[victim].DisposeAsync();
                    nodes[victim] = await StartAsync(host);
                    work.Add(WorkAsync(host));
                    break;
            }
        }

        foreach (var node in nodes) ShouldBeWithinLimits(node);

        Task<SimulatedNode> StartAsync(SimulatedHost host) => StartNodeAsync(host);

        // Ends with its host, or its node.
        async Task WorkAsync(SimulatedHost host)
        {
            var node = nodes.Find(candidate => candidate.Host == host)!;
            var (runtime, own) = (host.Runtime, host.Runtime.Random);
            for (var round = 0; round < 40; round++)
            {
                await runtime.DelayAsync(TimeSpan.FromMilliseconds(own.Next(400)));
                var other = nodes[own.Next(nodes.Count)];
                if (other.Host == host) continue;
                try
                {
                    var connection = await node.Node.ConnectAsync(other.Address, new ConnectOptions { ForceNew = own.Next(4) == 0 });
                    if (own.Next(3) == 0) node.Node.Governor.Tag(other.PeerId, "seed", own.Next(100), TimeSpan.FromSeconds(1 + own.Next(10)));
                    switch (own.Next(5))
                    {
                        case 0:
                            connection.Abort(ConnectionErrorCode.None);
                            break;
                        case 1:
                            await connection.CloseAsync();
                            break;
                        default:
                            await TalkAsync(connection, runtime, own);
                            break;
                    }
                }
                catch (Exception failure) when (failure is Libp2pException or ObjectDisposedException)
                {
                    // Of the network, of a limit, or of a node that has stopped.
                    if (failure is ObjectDisposedException) return;
                }
            }
        }
    }

    private static async Task TalkAsync(IConnection connection, NodeRuntime runtime, RandomSource random)
    {
        var stream = await connection.OpenStreamAsync([random.Next(3) == 0 ? Hold : Echo]);
        await stream.Output.WriteAsync(new byte[random.Next(300_000)]);
        if (random.Next(2) == 0) await stream.Output.CompleteAsync();
        if (random.Next(2) == 0) await runtime.DelayAsync(TimeSpan.FromMilliseconds(random.Next(200)));
        if (random.Next(3) == 0) stream.Abort(StreamSide.Both, StreamErrorCode.None);

        // Some are forgotten; they end with their connection.
        if (random.Next(3) > 0) await stream.DisposeAsync();
    }

    private static async Task<SimulatedNode> StartNodeAsync(SimulatedHost host)
    {
        var node = await host.StartNodeAsync(builder => builder.AddAll().Configure(static options =>
        {
            var resources = options.Swarm.Resources;
            (resources.Memory, resources.MaxConnections, resources.MaxStreams, resources.MaxStreamsPerConnection) = (2 << 20, 12, 40, 20);
            (resources.LowWater, resources.IdleTimeout) = (2, TimeSpan.FromSeconds(1));
            (resources.Networks.ConnectionBurst, resources.Networks.ConnectionsPerSecond) = (1000, 1000);
        }));
        node.Node.Handle(Echo, static async (stream, cancel) =>
        {
            await stream.Input.CopyToAsync(stream.Output, cancel);
            await stream.Output.CompleteAsync();
        });
        node.Node.Handle(Hold, async (stream, cancel) =>
        {
            if (stream.GetFeature(typeof(IResourceScope)) is IResourceScope scope) scope.TryReserve(50_000, ReservationPriority.Medium, out _);
            await host.Runtime.DelayAsync(TimeSpan.FromSeconds(2), cancel);
        });
        return node;
    }

    private static void ShouldBeWithinLimits(SimulatedNode node)
    {
        if (!node.Host.IsUp) return;
        foreach (var use in node.Node.Governor.Report().Node) use.Used.ShouldBeInRange(0, use.Limit, use.Name);
    }
}
