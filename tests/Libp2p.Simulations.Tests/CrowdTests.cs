using System.Globalization;
using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>Many whole nodes in one process. What it costs is printed, not asserted.</summary>
public class CrowdTests
{
    private static readonly ProtocolId Echo = new("/crowd/echo/1.0.0");

    [Fact]
    public Task A_hundred_nodes_connect_ping_and_exchange_streams() => RunAsync(100);

    /// <summary>The same with a thousand: <c>dotnet run --project tests/Libp2p.Simulations.Tests -- -explicit only</c>.</summary>
    [Fact(Explicit = true)]
    public Task A_thousand_nodes_do_too() => RunAsync(1000);

    private static async Task RunAsync(int count)
    {
        const int Peers = 4;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long during = 0;
        var answered = 0;
        var result = await Simulation.RunAsync(1, async simulation =>
        {
            simulation.Links = new LinkOptions { Latency = TimeSpan.FromMilliseconds(40), Jitter = TimeSpan.FromMilliseconds(20) };
            var nodes = new List<SimulatedNode>();
            for (var number = 0; number < count; number++)
            {
                var node = await simulation.AddHost($"n{number}").StartAsync();
                node.Node.Handle(Echo, async (stream, cancel) =>
                {
                    await stream.Input.CopyToAsync(stream.Output, cancel);
                    await stream.Output.CompleteAsync();
                });
                nodes.Add(node);
            }

            await Task.WhenAll(nodes.Select(async node =>
            {
                await simulation.Delay(TimeSpan.FromMilliseconds(node.Host.Runtime.Random.Next(10_000)));
                for (var peer = 0; peer < Peers; peer++)
                {
                    var other = nodes[node.Host.Runtime.Random.Next(count)];
                    if (other == node) continue;
                    var connection = await node.Node.ConnectAsync(other.Address);
                    await foreach (var time in node.Get<IPingService>().PingAsync(connection))
                    {
                        time.TotalMilliseconds.ShouldBeInRange(80, 120);
                        break;
                    }

                    await using var stream = await connection.OpenStreamAsync([Echo]);
                    await stream.Output.WriteAsync(new byte[10_000]);
                    await stream.Output.CompleteAsync();
                    var answer = await stream.Input.ReadAtLeastAsync(10_000);
                    answer.Buffer.Length.ShouldBe(10_000);
                    stream.Input.AdvanceTo(answer.Buffer.End);
                    answered++;
                }
            }));

            during = GC.GetTotalMemory(forceFullCollection: true);
            await simulation.Delay(TimeSpan.FromMinutes(10));
            GC.KeepAlive(nodes);
        }, new SimulationOptions { Trace = TraceDetail.Connections }, TestContext.Current.CancellationToken);

        answered.ShouldBeGreaterThan(count * (Peers - 1));
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} nodes, {answered} conversations: {result.VirtualTime.TotalSeconds:0} s of virtual time in {result.RealTime.TotalSeconds:0.0} s, ratio {result.Speed:0.0}; {result.Events} events; {(during - before) / count / 1024} KiB a node"));
    }
}
