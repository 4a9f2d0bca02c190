using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>Streams of all sizes, some given up half-way, on connections that lose, stall and break: whoever reads to the end has it all, and nobody waits for ever.</summary>
public class StreamStormTests
{
    private static readonly ProtocolId Echo = new("/storm/echo/1.0.0");

    [Fact]
    public Task Whoever_reads_to_the_end_has_it_all_and_nobody_waits_for_ever() => Simulation.RunSeedsAsync(15, RunAsync, cancellationToken: TestContext.Current.CancellationToken);

    private static async Task RunAsync(Simulation simulation)
    {
        simulation.Links = new LinkOptions { Latency = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(20), Loss = 0.01 };
        var (a, b) = (await simulation.AddHost("a").StartAsync(), await simulation.AddHost("b").StartAsync());
        foreach (var node in (SimulatedNode[])[a, b])
        {
            node.Node.Handle(Echo, async (stream, cancel) =>
            {
                await stream.Input.CopyToAsync(stream.Output, cancel);
                await stream.Output.CompleteAsync();
            });
        }

        var whole = 0;
        var talks = new List<Task>();
        for (var number = 0; number < 12; number++)
        {
            var (from, to) = number % 2 == 0 ? (a, b) : (b, a);
            talks.Add(TalkAsync(from, to, number));
            await simulation.Delay(TimeSpan.FromMilliseconds(simulation.Random.Next(200)));
        }

        if (simulation.Random.Next(2) == 0) simulation.Cut(a.Host, b.Host);
        using (simulation.Partition([a.Host])) await simulation.Delay(TimeSpan.FromMilliseconds(simulation.Random.Next(2000)));
        await Task.WhenAll(talks);
        simulation.Note($"{whole} whole");

        async Task TalkAsync(SimulatedNode from, SimulatedNode to, int number)
        {
            var bytes = DuplexBytes.Pattern(from.Host.Runtime.Random.Next(700_000), seed: number);
            var givesUp = from.Host.Runtime.Random.Next(4) == 0;
            try
            {
                var connection = await from.Node.ConnectAsync(to.Address);
                await using var stream = await connection.OpenStreamAsync([Echo]);
                var writing = WriteAsync();
                if (givesUp)
                {
                    await from.Host.Runtime.DelayAsync(TimeSpan.FromMilliseconds(from.Host.Runtime.Random.Next(300)));
                    stream.Abort(StreamSide.Both, StreamErrorCode.None);
                }

                var answer = await stream.Input.ReadToEndAsync();
                answer.ShouldBeBytes(bytes, $"talk {number}");
                await writing;
                whole++;

                async Task WriteAsync()
                {
                    await stream.Output.WriteAsync(bytes);
                    await stream.Output.CompleteAsync();
                }
            }
            catch (Libp2pException)
            {
                // Broken, or given up: then it need not be whole.
            }
        }
    }
}
