using Libp2p.Benchmarks.Roles.Usage;
using Libp2p.Benchmarks.Workloads;
using Libp2p.Swarm;

namespace Libp2p.Benchmarks.Roles.Node;

/// <summary>
/// What the swarm's dialer costs by itself: many simulated peers dialed at once against each of them alone, and a dial without a handshake against one with it. CPU of the dialing process,
/// over rounds in turns, with collections in it.
/// </summary>
internal static class Dials
{
    /// <summary>CPU of all at once, to that of one after the other.</summary>
    public const string AtOnce = "at-once";

    /// <summary>CPU of a dial of a simulated peer, to that of a dial that shakes hands.</summary>
    public const string Share = "share";

    /// <summary>CPU of a dial of a simulated peer, in microseconds.</summary>
    public const string Own = "own";

    private const int Rounds = 9;

    public static async Task<Sample> MeasureAsync(NodeDialer dialer, Workload work)
    {
        var simulated = new SimulatedPeers(work.Count);
        var peers = simulated.Peers;
        var options = new SwarmOptions();
        options.Resources.MaxConnections = 10 * work.Count;
        using var key = PrivateKey.Generate();
        await using var swarm = new SwarmNode(new NodeIdentity(key), options, new NodeRuntime { Network = new SystemNetwork() });
        swarm.Exports.Add<ITransport>(simulated);
        await swarm.StartAsync().ConfigureAwait(false);
        await using var node = await dialer.StartAsync().ConfigureAwait(false);

        await AloneAsync().ConfigureAwait(false);
        await TogetherAsync().ConfigureAwait(false);
        await HandshakesAsync().ConfigureAwait(false);
        double alone = 0, together = 0, handshakes = 0;
        for (var round = 0; round < Rounds; round++)
        {
            alone += await AloneAsync().ConfigureAwait(false);
            together += await TogetherAsync().ConfigureAwait(false);
            handshakes += await HandshakesAsync().ConfigureAwait(false);
        }

        return new Sample
        {
            [AtOnce] = together / alone,
            [Share] = alone / work.Count / (handshakes / work.Connections),
            [Own] = alone / work.Count / Rounds * 1e6,
        };

        Task<double> AloneAsync() => MeteredAsync(swarm, async () =>
        {
            foreach (var (peer, address) in peers) await swarm.ConnectAsync(peer, new ConnectOptions { Addresses = [address] }).ConfigureAwait(false);
        });

        Task<double> TogetherAsync() => MeteredAsync(swarm, () => Task.WhenAll(peers.Select(one => swarm.ConnectAsync(one.Peer, new ConnectOptions { Addresses = [one.Address] }).AsTask())));

        Task<double> HandshakesAsync() => MeteredAsync(node.Node, async () =>
        {
            for (var i = 0; i < work.Connections; i++) await dialer.ConnectAsync(node).ConfigureAwait(false);
        });
    }

    /// <summary>CPU seconds; the connections are closed afterwards, uncounted.</summary>
    private static async Task<double> MeteredAsync(INode node, Func<Task> dial)
    {
        GC.Collect();
        var before = Spending.Now;
        await dial().ConfigureAwait(false);
        GC.Collect();
        var spent = Spending.Now - before;
        foreach (var connection in node.Connections) await connection.CloseAsync().ConfigureAwait(false);
        return spent.CpuSeconds;
    }
}
