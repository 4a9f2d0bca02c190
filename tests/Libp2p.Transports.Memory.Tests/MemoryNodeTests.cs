using Libp2p.Hosting;
using Libp2p.Multiformats;
using Libp2p.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Transports.Memory.Tests;

/// <summary>Whole nodes over it.</summary>
public sealed class MemoryNodeTests
{
    private static readonly ProtocolId Echo = new("/test/echo/1.0.0");

    [Fact]
    public async Task Nodes_that_share_a_hub_talk_and_those_of_another_hub_do_not()
    {
        var hub = new MemoryHub();
        await using var alice = Services(hub);
        await using var bob = Services(hub);
        await using var stranger = Services(new MemoryHub());
        foreach (var one in new[] { alice, bob, stranger }) await one.GetRequiredService<Libp2pNode>().StartAsync();
        var server = bob.GetRequiredService<Libp2pNode>();
        server.Node.Handle(Echo, static (stream, cancel) => new ValueTask(stream.EchoAsync(cancel)));
        var address = server.Node.ListenAddresses[0].Append(MultiaddrProtocol.P2p, server.Identity.PeerId.ToString());

        var connection = await alice.GetRequiredService<Libp2pNode>().Node.ConnectAsync(address).AsTask().Within();
        await using var stream = await connection.OpenStreamAsync([Echo]).AsTask().Within();
        await stream.Output.WriteToEndAsync(DuplexBytes.Pattern(300_000)).Within();
        (await stream.Input.ReadToEndAsync().Within()).ShouldBeBytes(DuplexBytes.Pattern(300_000));

        await Should.ThrowAsync<Libp2pException>(() => stranger.GetRequiredService<Libp2pNode>().Node.ConnectAsync(address).AsTask().Within());
        foreach (var one in new[] { alice, bob, stranger }) await one.GetRequiredService<Libp2pNode>().StopAsync();
    }

    [Fact]
    public async Task It_runs_in_a_simulation_and_two_runs_of_a_seed_are_the_same()
    {
        foreach (var seed in Simulation.Seeds(20))
        {
            var traces = new List<string>();
            for (var run = 0; run < 2; run++)
            {
                var result = await Simulation.RunAsync(seed, async simulation =>
                {
                    var hub = new MemoryHub();
                    var alice = await simulation.AddHost("alice").StartNodeAsync(node => node.AddMemory(hub).AddNoise().AddYamux(), "/memory/0");
                    var bob = await simulation.AddHost("bob").StartNodeAsync(node => node.AddMemory(hub).AddNoise().AddYamux(), "/memory/0");
                    bob.Node.Handle(Echo, static (stream, cancel) => new ValueTask(stream.EchoAsync(cancel)));
                    var connection = await alice.Node.ConnectAsync(bob.Address);
                    await using var stream = await connection.OpenStreamAsync([Echo]);
                    var writing = stream.Output.WriteToEndAsync(DuplexBytes.Pattern(300_000, seed));
                    (await stream.Input.ReadToEndAsync()).ShouldBeBytes(DuplexBytes.Pattern(300_000, seed));
                    await writing;
                    simulation.Note($"{bob.Address}");
                });
                traces.Add($"{result.Trace.Hash} {result.Events}");
            }

            traces[1].ShouldBe(traces[0]);
        }
    }

    private static ServiceProvider Services(MemoryHub hub) => new ServiceCollection()
        .AddLibp2p(node => node.AddMemory(hub).AddNoise().AddYamux().Configure(options => options.Listen.Add("/memory/0"))).BuildServiceProvider();
}
