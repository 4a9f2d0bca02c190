using System.Buffers;
using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>The sample of the test kit's README, word for word.</summary>
public class SampleTests
{
    private static readonly ProtocolId Echo = new("/acme/echo/1.0.0");

    [Fact]
    public Task My_protocol_survives_losses_and_a_partition() => Simulation.RunSeedsAsync(20, async simulation =>
    {
        simulation.Links = new LinkOptions { Latency = TimeSpan.FromMilliseconds(40), Loss = 0.05 };
        var alice = await simulation.AddHost("alice").StartNodeAsync(node => node.AddTcp().AddNoise().AddYamux());
        var bob = await simulation.AddHost("bob").StartNodeAsync(node => node.AddTcp().AddNoise().AddYamux());
        bob.Node.Handle(Echo, async (incoming, cancel) =>
        {
            await incoming.Input.CopyToAsync(incoming.Output, cancel);
            await incoming.Output.CompleteAsync();
        });

        var connection = await alice.Node.ConnectAsync(bob.Address);
        await using var stream = await connection.OpenStreamAsync([Echo]);
        using (simulation.Partition([bob.Host]))
        {
            await stream.Output.WriteAsync("are you there?"u8.ToArray());
            await stream.Output.CompleteAsync();
            await simulation.Delay(TimeSpan.FromSeconds(5));
        }

        var answer = await stream.Input.ReadAtLeastAsync(14);
        answer.Buffer.ToArray().ShouldBe("are you there?"u8.ToArray());
    });
}
