using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

public class NodeTests
{
    [Fact]
    public async Task Two_nodes_connect_identify_and_ping()
    {
        var result = await Simulation.RunAsync(1, async simulation =>
        {
            var a = await simulation.AddHost("a").StartAsync();
            var b = await simulation.AddHost("b").StartAsync();
            var connection = await a.Node.ConnectAsync(b.Address);
            var info = await a.Get<IIdentifyService>().IdentifyAsync(connection);
            info.PeerId.ShouldBe(b.PeerId);
            await foreach (var time in a.Get<IPingService>().PingAsync(connection))
            {
                simulation.Note($"ping {time}");
                time.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(40));
                break;
            }
        });
        foreach (var line in result.Trace.Lines) TestContext.Current.TestOutputHelper!.WriteLine(line);
        TestContext.Current.TestOutputHelper!.WriteLine($"{result.Speed} {result.Events} {result.Trace.Hash}");
    }
}
