using System.Net;
using Libp2p.Multiformats;
using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests;

/// <summary>How a node learns where others reach it, and that its network changed.</summary>
public class ReachabilityTests
{
    [Fact]
    public Task Row45_four_observers_make_an_address_external_and_peers_are_told_of_it() => Simulation.RunSeedsAsync(3, async simulation =>
    {
        var (node, outside) = await ForwardedAsync(simulation);
        var changes = Watch(node);
        var peers = new List<SimulatedNode>();
        for (var i = 0; i < 3; i++) peers.Add(await ConnectAsync(simulation, $"peer{i}", outside));
        await simulation.Delay(TimeSpan.FromSeconds(5));
        node.Node.ExternalAddresses.ShouldBeEmpty();

        peers.Add(await ConnectAsync(simulation, "peer3", outside));
        await simulation.Delay(TimeSpan.FromSeconds(5));
        var external = outside.WithoutPeerId().ShouldNotBeNull();
        node.Node.ExternalAddresses.ShouldBe([external]);
        changes.ShouldBe([external.ToString()]);
        node.Node.ListenAddresses.ShouldNotContain(external);
        foreach (var peer in peers)
        {
            peer.Node.Peers.TryGet(node.PeerId, out var known).ShouldBeTrue();
            known!.Addresses.ShouldContain(external);
        }

        // As long as anybody sees it there, it stays; and not longer.
        foreach (var peer in peers.Take(3)) await peer.DisposeAsync();
        await simulation.Delay(TimeSpan.FromSeconds(5));
        node.Node.ExternalAddresses.ShouldBe([external]);
        await peers[3].DisposeAsync();
        await simulation.Delay(TimeSpan.FromSeconds(5));
        node.Node.ExternalAddresses.ShouldBeEmpty();
        changes.ShouldBe([external.ToString(), ""]);
    });

    [Fact]
    public Task Row45_observers_that_share_an_address_count_once() => Simulation.RunAsync(1, async simulation =>
    {
        var (node, outside) = await ForwardedAsync(simulation);
        var crowd = simulation.AddGateway("crowd", GatewayKind.PortRestricted);
        for (var i = 0; i < 8; i++)
        {
            var peer = await simulation.AddHost($"liar{i}", crowd).StartAsync();
            await peer.Node.ConnectAsync(outside);
        }

        await simulation.Delay(TimeSpan.FromSeconds(5));
        node.Node.Connections.Count.ShouldBe(8);
        node.Node.ExternalAddresses.ShouldBeEmpty();
    });

    [Fact]
    public Task A_machine_that_slept_is_noticed() => Simulation.RunAsync(1, async simulation =>
    {
        var node = await simulation.AddHost("laptop").StartAsync();
        var changes = new List<NetworkChanged>();
        _ = FollowAsync();
        await simulation.Delay(TimeSpan.FromMinutes(1));
        changes.ShouldBeEmpty();
        node.Host.JumpClock(TimeSpan.FromHours(8));
        await simulation.Delay(TimeSpan.FromSeconds(10));
        changes.ShouldHaveSingleItem().Slept.ShouldBeTrue();

        async Task FollowAsync()
        {
            await foreach (var happened in node.Node.Events())
            {
                if (happened is NetworkChanged change) changes.Add(change);
            }
        }
    });

    /// <summary>A node behind a gateway that forwards a port to it, and the address outside.</summary>
    private static async Task<(SimulatedNode Node, Multiaddr Outside)> ForwardedAsync(Simulation simulation)
    {
        var gateway = simulation.AddGateway("home", GatewayKind.PortRestricted);
        var node = await simulation.AddHost("inside", gateway).StartAsync();
        node.Node.ListenAddresses[0].TryGetIPEndPoint(out var listening).ShouldBeTrue();
        gateway.Forward("tcp", 40_000, new IPEndPoint(node.Host.Address, listening!.Port));
        return (node, Multiaddr.Parse($"/ip4/{gateway.Address}/tcp/40000/p2p/{node.PeerId}"));
    }

    private static async Task<SimulatedNode> ConnectAsync(Simulation simulation, string name, Multiaddr to)
    {
        var peer = await simulation.AddHost(name).StartAsync();
        await peer.Node.ConnectAsync(to);
        return peer;
    }

    private static List<string> Watch(SimulatedNode node)
    {
        var changes = new List<string>();
        _ = FollowAsync(node.Node.Events());
        return changes;

        async Task FollowAsync(IAsyncEnumerable<NodeEvent> events)
        {
            await foreach (var happened in events)
            {
                if (happened is ExternalAddressesChanged change) changes.Add(string.Join(' ', change.Addresses));
            }
        }
    }
}
