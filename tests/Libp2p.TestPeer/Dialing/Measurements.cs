using Libp2p.Multiformats;
using Libp2p.TestPeer.Protocols;

namespace Libp2p.TestPeer.Dialing;

/// <summary>The measurements of the contract: what is timed, the warm-up and the counts are the same for every peer, or figures do not compare.</summary>
internal static class Measurements
{
    public static IReadOnlyDictionary<string, Func<Multiaddr, PeerOptions, CancellationToken, Task<Outcome>>> All { get; } =
        new Dictionary<string, Func<Multiaddr, PeerOptions, CancellationToken, Task<Outcome>>>
        {
            ["perf-up"] = (address, options, cancel) => ThroughputAsync(address, options, up: true, cancel),
            ["perf-down"] = (address, options, cancel) => ThroughputAsync(address, options, up: false, cancel),
            ["rtt"] = RoundTripAsync,
            ["streams"] = StreamsAsync,
            ["handshakes"] = HandshakesAsync,
            ["idle-mem"] = IdleMemoryAsync,
        };

    private static async Task<Outcome> ThroughputAsync(Multiaddr address, PeerOptions options, bool up, CancellationToken cancellationToken)
    {
        await using var dialed = await Dialed.ToAsync(address, options, cancellationToken).ConfigureAwait(false);
        var bytes = options.Bytes ?? 256L << 20;
        await RequestAsync(4 << 20).ConfigureAwait(false);
        var spent = await Spent.OfAsync(options, () => Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(_ => RequestAsync(bytes)))).ConfigureAwait(false);
        var total = bytes * options.Concurrency;
        return new Outcome(json =>
        {
            json.WriteString("direction", up ? "up" : "down");
            json.WriteNumber("bytes", total);
            json.WriteNumber("streams", options.Concurrency);
            json.WriteNumber("MiBps", total / spent.Seconds / (1 << 20));
            spent.WriteTo(json);
        });

        Task RequestAsync(long n) => dialed.Peer.Perf.MeasureAsync(dialed.Connection, up ? n : 0, up ? 0 : n, null, cancellationToken).AsTask();
    }

    /// <summary>Bytes there and back over one open echo stream.</summary>
    private static async Task<Outcome> RoundTripAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        await using var dialed = await Dialed.ToAsync(address, options, cancellationToken).ConfigureAwait(false);
        var stream = await dialed.Connection.OpenStreamAsync([EchoHandler.ProtocolId], null, cancellationToken).ConfigureAwait(false);
        var payload = new byte[options.Bytes ?? 1];
        await Repetition.RunAsync(options, 1, 500, _ => OnceAsync()).ConfigureAwait(false);
        var result = await Repetition.RunAsync(options, 1, options.Count ?? 5000, _ => OnceAsync()).ConfigureAwait(false);
        await stream.DisposeAsync().ConfigureAwait(false);
        return new Outcome(result.WriteTo);

        async Task OnceAsync()
        {
            await stream.Output.WriteAsync(payload, cancellationToken).ConfigureAwait(false);
            for (long missing = payload.Length; missing > 0;)
            {
                var read = await stream.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
                missing -= read.Buffer.Length;
                stream.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted && missing > 0) throw new InvalidOperationException("the echo stream ended early");
            }
        }
    }

    /// <summary>New streams on one connection: open, negotiate, one byte there and back, close.</summary>
    private static async Task<Outcome> StreamsAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        await using var dialed = await Dialed.ToAsync(address, options, cancellationToken).ConfigureAwait(false);
        var payload = new byte[1];
        await Repetition.RunAsync(options, options.Concurrency, 200, _ => OnceAsync()).ConfigureAwait(false);
        var result = await Repetition.RunAsync(options, options.Concurrency, options.Count ?? 2000, _ => OnceAsync()).ConfigureAwait(false);
        return new Outcome(result.WriteTo);

        async Task OnceAsync()
        {
            var stream = await dialed.Connection.OpenStreamAsync([EchoHandler.ProtocolId], null, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await stream.Output.WriteAsync(payload, cancellationToken).ConfigureAwait(false);
                var read = await stream.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (read.Buffer.Length != 1) throw new InvalidOperationException($"{read.Buffer.Length} bytes came back");
                stream.Input.AdvanceTo(read.Buffer.End);
                await stream.Output.CompleteAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whole connections: dial, upgrade, close; each worker has an identity of its own.</summary>
    private static async Task<Outcome> HandshakesAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        await using var peers = await Workers.StartAsync(options).ConfigureAwait(false);
        await Repetition.RunAsync(options, options.Concurrency, 40, OnceAsync).ConfigureAwait(false);
        var result = await Repetition.RunAsync(options, options.Concurrency, options.Count ?? 300, OnceAsync).ConfigureAwait(false);
        return new Outcome(result.WriteTo);

        async Task OnceAsync(int worker)
        {
            var connection = await peers[worker].Node.ConnectAsync(address, new ConnectOptions { ForceNew = true }, cancellationToken).ConfigureAwait(false);
            await connection.CloseAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Bytes of memory of an idle connection, here and in the server.</summary>
    private static async Task<Outcome> IdleMemoryAsync(Multiaddr address, PeerOptions options, CancellationToken cancellationToken)
    {
        await using var peers = await Workers.StartAsync(options).ConfigureAwait(false);
        var target = options.Count ?? 500;
        await Repetition.RunAsync(options, options.Concurrency, Math.Max(50, options.Concurrency), DialAsync).ConfigureAwait(false);
        var before = await SampleAsync().ConfigureAwait(false);
        await Repetition.RunAsync(options, options.Concurrency, target, DialAsync).ConfigureAwait(false);
        var after = await SampleAsync().ConfigureAwait(false);
        var opened = after.Open - before.Open;
        return new Outcome(json =>
        {
            json.WriteNumber("opened", opened);
            json.WriteNumber("dialerRssEach", (after.Rss - before.Rss) / Math.Max(1, opened));
            json.WriteNumber("dialerHeapEach", (after.Heap - before.Heap) / Math.Max(1, opened));
            if (before.Server is { } from && after.Server is { } to) json.WriteNumber("serverRssEach", (to - from) / Math.Max(1, opened));
        }, opened == target);

        async Task DialAsync(int worker) =>
            await peers[worker].Node.ConnectAsync(address, new ConnectOptions { ForceNew = true }, cancellationToken).ConfigureAwait(false);

        async Task<(int Open, long Rss, long Heap, long? Server)> SampleAsync()
        {
            await Task.Delay(2000, cancellationToken).ConfigureAwait(false);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            return (peers.Sum(p => p.Node.Connections.Count), Spent.RssOf(Environment.ProcessId), GC.GetTotalMemory(false), options.ServerPid is { } pid ? Spent.RssOf(pid) : null);
        }
    }

    /// <summary>A dialing node for each worker.</summary>
    private sealed class Workers : List<Peer>, IAsyncDisposable
    {
        public static async Task<Workers> StartAsync(PeerOptions options)
        {
            var workers = new Workers();
            for (var i = 0; i < options.Concurrency; i++) workers.Add(await Peer.StartAsync(options, listen: false).ConfigureAwait(false));
            return workers;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var peer in this) await peer.DisposeAsync().ConfigureAwait(false);
        }
    }
}
