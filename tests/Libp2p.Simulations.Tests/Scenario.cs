using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>A few minutes in the life of some nodes on a bad network: everything that could differ between two runs of a seed takes part.</summary>
internal static class Scenario
{
    public static async Task RunAsync(Simulation simulation)
    {
        simulation.Links = new LinkOptions { Latency = TimeSpan.FromMilliseconds(30), Jitter = TimeSpan.FromMilliseconds(20), Loss = 0.03, BytesPerSecond = 1_000_000 };
        var hosts = Enumerable.Range(0, 5).Select(number => simulation.AddHost($"n{number}")).ToArray();
        var nodes = await Task.WhenAll(hosts.Select(static host => host.StartAsync()));
        var talking = Task.WhenAll(Pairs(nodes).Select(pair => TalkAsync(simulation, pair.From, pair.To)));

        await simulation.Delay(TimeSpan.FromSeconds(3));
        simulation.Cut(hosts[0], hosts[1]);
        using (simulation.Partition([hosts[2]])) await simulation.Delay(TimeSpan.FromSeconds(4));
        await talking;
        hosts[4].Crash();
        await simulation.Delay(TimeSpan.FromSeconds(5));
        hosts[4].Restart();
        nodes[4] = await hosts[4].StartAsync();
        await TalkAsync(simulation, nodes[4], nodes[3]);
    }

    private static IEnumerable<(SimulatedNode From, SimulatedNode To)> Pairs(SimulatedNode[] nodes) =>
        from one in Enumerable.Range(0, nodes.Length) from other in Enumerable.Range(0, nodes.Length) where one != other select (nodes[one], nodes[other]);

    private static async Task TalkAsync(Simulation simulation, SimulatedNode from, SimulatedNode to)
    {
        for (var turn = 0; turn < 4; turn++)
        {
            try
            {
                var connection = await from.Node.ConnectAsync(to.Address);
                var pings = 0;
                await foreach (var time in from.Get<IPingService>().PingAsync(connection))
                {
                    from.Host.Note($"pinged {to.Host} {time.TotalMilliseconds} ms");
                    if (++pings == 2) break;
                    await simulation.Delay(TimeSpan.FromMilliseconds(simulation.Random.Next(3000)));
                }
            }
            catch (Libp2pException failure)
            {
                from.Host.Note($"could not talk to {to.Host}: {failure.GetType().Name}");
            }
        }
    }
}
