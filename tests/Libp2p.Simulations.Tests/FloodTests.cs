using System.Net;
using System.Net.Sockets;
using Libp2p.Hosting;
using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>What floods of strangers do to a node: not more than its options say, and nothing to the peers that it has.</summary>
public class FloodTests
{
    private static readonly ProtocolId Echo = new("/flood/echo/1.0.0");
    private static readonly ProtocolId Sink = new("/flood/sink/1.0.0");

    [Fact]
    public Task Row68_A_flood_from_one_address_has_its_share_and_others_connect() => Simulation.RunSeedsAsync(3, async simulation =>
    {
        var node = await simulation.AddHost("node").StartAsync();
        var flood = simulation.AddHost("flood");
        var sockets = new List<IStreamSocket>();
        for (var i = 0; i < 200; i++)
        {
            if (await TryConnectAsync(flood, node) is { } socket) sockets.Add(socket);
            await simulation.Delay(TimeSpan.FromMilliseconds(10));
            Use(node, "connections").ShouldBeLessThanOrEqualTo(8);
        }

        // All of its places are taken by silent sockets, and it has had its burst.
        var honest = await simulation.AddHost("honest").StartAsync();
        await honest.Get<IPingService>().PingAsync(await honest.Node.ConnectAsync(node.Address)).FirstAsync();
        var refusals = node.Node.Governor.Report().Refusals;
        refusals.Sum(static refused => refused.Option.StartsWith("Resources:Networks:", StringComparison.Ordinal) ? refused.Count : 0).ShouldBeGreaterThan(150);
        foreach (var socket in sockets) socket.Abort();
    });

    [Fact]
    public Task Row69_All_at_once_is_kept_within_the_budget_and_the_peers_there_are_served() => Simulation.RunSeedsAsync(3, RunAllAtOnceAsync, cancellationToken: TestContext.Current.CancellationToken);

    private static async Task RunAllAtOnceAsync(Simulation simulation)
    {
        const long Memory = 4 << 20;
        simulation.Links = new LinkOptions { Latency = TimeSpan.FromMilliseconds(10) };
        var node = await simulation.AddHost("node").StartNodeAsync(builder => builder.AddAll().Configure(static options =>
        {
            options.Swarm.Resources.Memory = Memory;
            options.Swarm.Resources.MaxConnections = 60;
        }));
        node.Node.Handle(Echo, static async (stream, cancel) =>
        {
            await stream.Input.CopyToAsync(stream.Output, cancel);
            await stream.Output.CompleteAsync();
        });
        node.Node.Handle(Sink, (_, cancel) => new ValueTask(node.Host.Runtime.DelayAsync(TimeSpan.FromHours(1), cancel))); // reads nothing
        var honest = await simulation.AddHost("honest").StartAsync();
        var connection = await honest.Node.ConnectAsync(node.Address);
        node.Node.Governor.Protect(honest.PeerId, "test").ShouldBeTrue();

        var attackers = new List<Task>();
        for (var number = 0; number < 20; number++)
        {
            attackers.Add(KnockAsync(simulation.AddHost($"silent{number}"), speaks: false));
            attackers.Add(KnockAsync(simulation.AddHost($"dripping{number}"), speaks: true));
            attackers.Add(CrowdAsync(await simulation.AddHost($"peer{number}").StartAsync()));
        }

        for (var second = 0; second < 20; second++)
        {
            await EchoAsync(connection);
            Use(node, "bytes").ShouldBeLessThanOrEqualTo(Memory);
            Use(node, "connections").ShouldBeLessThanOrEqualTo(60);
            await simulation.Delay(TimeSpan.FromSeconds(1));
        }

        connection.Completion.IsCompleted.ShouldBeFalse();
        await Task.WhenAll(attackers);
        await EchoAsync(connection);
        node.Node.Governor.Report().Evicted.ShouldBeGreaterThan(0);

        async Task KnockAsync(SimulatedHost host, bool speaks)
        {
            while (simulation.Now < TimeSpan.FromSeconds(15))
            {
                if (await TryConnectAsync(host, node) is { } socket)
                {
                    try
                    {
                        if (speaks) await socket.SendAsync("\u0013/multistream/1.0.0\n\u0040"u8.ToArray());
                        await host.Runtime.DelayAsync(TimeSpan.FromSeconds(host.Runtime.Random.Next(5)));
                    }
                    catch (SocketException)
                    {
                        // Refused.
                    }

                    socket.Abort();
                }

                await host.Runtime.DelayAsync(TimeSpan.FromMilliseconds(50));
            }
        }

        // A peer that authenticates, opens streams, fills their windows where nobody reads, and comes back when it is thrown out.
        async Task CrowdAsync(SimulatedNode attacker)
        {
            while (simulation.Now < TimeSpan.FromSeconds(15))
            {
                try
                {
                    var attack = await attacker.Node.ConnectAsync(node.Address);
                    for (var number = 0; number < 20; number++)
                    {
                        var stream = await attack.OpenStreamAsync([Sink]);
                        _ = FillAsync(stream);
                    }

                    await attacker.Host.Runtime.DelayAsync(TimeSpan.FromSeconds(3));
                }
                catch (Libp2pException)
                {
                    // Refused, reset, or evicted.
                }

                await attacker.Host.Runtime.DelayAsync(TimeSpan.FromMilliseconds(200));
            }
        }
    }

    private static async Task FillAsync(IStream stream)
    {
        try
        {
            await stream.Output.WriteAsync(new byte[200_000]);
        }
        catch (Libp2pException)
        {
            // Reset: it was too much.
        }
    }

    private static async Task EchoAsync(IConnection connection)
    {
        await using var stream = await connection.OpenStreamAsync([Echo]);
        var bytes = DuplexBytes.Pattern(1000);
        await stream.Output.WriteAsync(bytes);
        await stream.Output.CompleteAsync();
        (await stream.Input.ReadToEndAsync()).ShouldBeBytes(bytes, "echo");
    }

    private static async Task<IStreamSocket?> TryConnectAsync(SimulatedHost from, SimulatedNode to)
    {
        try
        {
            return await from.Runtime.Network.ConnectAsync(new IPEndPoint(to.Host.Address, 4001));
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static long Use(SimulatedNode node, string name) => node.Node.Governor.Report(0).Node.Single(use => use.Name == name).Used;
}
