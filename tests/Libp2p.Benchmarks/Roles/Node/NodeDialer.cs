using Libp2p.Benchmarks.Roles.Transfers;
using Libp2p.Benchmarks.Roles.Usage;
using Libp2p.Benchmarks.Workloads;
using Libp2p.Multiformats;

namespace Libp2p.Benchmarks.Roles.Node;

/// <summary>The workloads over nodes. What is timed and the warm-ups are those of the peers' contract.</summary>
internal sealed class NodeDialer(Multiaddr server, UsageClient usage, bool inline) : IDialer
{
    public Task<Sample> MeasureAsync(Workload work) => work.Kind switch
    {
        WorkKind.Transfer => TransferAsync(work),
        WorkKind.RoundTrip => RoundTripAsync(work),
        WorkKind.Streams => StreamsAsync(work),
        WorkKind.Handshakes => HandshakesAsync(work),
        WorkKind.Dials => Dials.MeasureAsync(this, work),
        WorkKind.IdleConnections => IdleConnectionsAsync(work),
        WorkKind.IdleStreams => IdleStreamsAsync(work),
        WorkKind.Fairness => Fairness.MeasureAsync(this, usage, work),
        WorkKind.Starvation => Starvation.MeasureAsync(this, usage, work),
        _ => throw new NotSupportedException($"{work.Kind} over nodes"),
    };

    public Task<BenchmarkNode> StartAsync() => BenchmarkNode.StartAsync("", inline);

    public async Task<IConnection> ConnectAsync(BenchmarkNode node) =>
        await node.Node.ConnectAsync(server, new ConnectOptions { ForceNew = true }).ConfigureAwait(false);

    private async Task<Sample> TransferAsync(Workload work)
    {
        await using var node = await StartAsync().ConfigureAwait(false);
        var channels = new List<ITransferChannel>();
        for (var i = 0; i < work.Connections; i++)
        {
            var connection = await ConnectAsync(node).ConfigureAwait(false);
            for (var j = 0; j < work.Streams; j++) channels.Add(new StreamChannel(await connection.OpenStreamAsync([NodeProtocols.Transfer]).ConfigureAwait(false)));
        }

        return await TransferClient.MeasureAsync(channels, usage, work).ConfigureAwait(false);
    }

    private async Task<Sample> RoundTripAsync(Workload work)
    {
        await using var node = await StartAsync().ConfigureAwait(false);
        var stream = await Echo.OpenAsync(await ConnectAsync(node).ConfigureAwait(false)).ConfigureAwait(false);
        await Repetition.WarmUpAsync(1, Idleness.WarmUp, _ => Echo.OnceAsync(stream)).ConfigureAwait(false);
        return await Repetition.MeasureAsync(usage, 1, work.Count, _ => Echo.OnceAsync(stream)).ConfigureAwait(false);
    }

    /// <summary>New streams, beside those that are open already.</summary>
    private async Task<Sample> StreamsAsync(Workload work)
    {
        await using var node = await StartAsync().ConfigureAwait(false);
        var connection = await ConnectAsync(node).ConfigureAwait(false);
        var open = new List<IStream>();
        for (var i = 1; i < work.Streams; i++) open.Add(await Echo.OpenAsync(connection).ConfigureAwait(false));
        await Repetition.WarmUpAsync(work.Concurrency, 200, _ => Echo.OnceAsync(connection)).ConfigureAwait(false);
        var sample = await Repetition.MeasureAsync(usage, work.Concurrency, work.Count, _ => Echo.OnceAsync(connection)).ConfigureAwait(false);
        GC.KeepAlive(open);
        return sample;
    }

    private async Task<Sample> HandshakesAsync(Workload work)
    {
        var nodes = new List<BenchmarkNode>();
        for (var i = 0; i < work.Concurrency; i++) nodes.Add(await StartAsync().ConfigureAwait(false));
        await Repetition.WarmUpAsync(work.Concurrency, 40, OnceAsync).ConfigureAwait(false);
        return await Repetition.MeasureAsync(usage, work.Concurrency, work.Count, OnceAsync).ConfigureAwait(false);

        async Task OnceAsync(int worker)
        {
            var connection = await ConnectAsync(nodes[worker]).ConfigureAwait(false);
            await connection.CloseAsync().ConfigureAwait(false);
        }
    }

    private async Task<Sample> IdleConnectionsAsync(Workload work)
    {
        var nodes = new List<BenchmarkNode>();
        for (var i = 0; i < work.Concurrency; i++) nodes.Add(await StartAsync().ConfigureAwait(false));
        return await Idleness.MeasureAsync(usage, work.Concurrency, work.Count, worker => ConnectAsync(nodes[worker])).ConfigureAwait(false);
    }

    private async Task<Sample> IdleStreamsAsync(Workload work)
    {
        await using var node = await StartAsync().ConfigureAwait(false);
        var connection = await ConnectAsync(node).ConfigureAwait(false);
        return await Idleness.MeasureAsync(usage, work.Concurrency, work.Count, _ => Echo.OpenAsync(connection)).ConfigureAwait(false);
    }
}
