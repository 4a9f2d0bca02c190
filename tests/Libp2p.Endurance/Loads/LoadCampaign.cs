using System.Diagnostics;
using Libp2p.Multiformats;

namespace Libp2p.Endurance.Loads;

/// <summary>Loads one node in a process of its own with much of everything, then lets an honest peer, another process, ping it beside crowds of strangers.</summary>
internal sealed class LoadCampaign(LoadSize size, Action<string> write)
{
    private const int Nodes = 10;
    private const int Parallel = 32;

    private readonly List<LoadFigure> _figures = [];
    private bool _holds = true;

    /// <exception cref="EnduranceException">The node went away, or something stood still.</exception>
    public async Task<LoadReport> RunAsync()
    {
        var (server, first) = await LoadProcess.StartAsync().ConfigureAwait(false);
        await using (server)
        {
            var target = Multiaddr.Parse(first.Address!);
            write($"one node, {Environment.ProcessorCount} processors, and whoever loads it on the same machine");
            await ConnectionsAsync(server, target).ConfigureAwait(false);
            await ChurnAsync(server, target).ConfigureAwait(false);
            await PingsAsync(server, target).ConfigureAwait(false);
        }

        return new LoadReport(_figures, _holds);
    }

    private async Task ConnectionsAsync(LoadProcess server, Multiaddr target)
    {
        var nodes = new List<LoadNode>();
        try
        {
            for (var number = 0; number < Nodes; number++) nodes.Add(await LoadNode.StartAsync("").ConfigureAwait(false));
            await nodes[0].Node.ConnectAsync(target).ConfigureAwait(false);
            var before = await server.SampleAsync().ConfigureAwait(false);
            var connections = new IConnection[Math.Min(size.Connections, nodes[0].Node.Governor.Report(0).Node.Single(use => use.Name == "descriptors").Limit - 256)];
            var times = new double[connections.Length];
            var clock = Stopwatch.StartNew();
            await ForEachAsync(connections.Length, async number =>
            {
                var start = clock.Elapsed;
                connections[number] = await nodes[number % Nodes].Node.ConnectAsync(target, new ConnectOptions { ForceNew = true }).ConfigureAwait(false);
                times[number] = (clock.Elapsed - start).TotalMilliseconds;
            }).ConfigureAwait(false);
            var took = clock.Elapsed;
            Array.Sort(times);
            Add("connections", "authenticated and open at once", connections.Length, "");
            Add("connections", $"made a second, {Parallel} at a time", connections.Length / took.TotalSeconds, "/s");
            Add("connections", "time to one, median", Quantile(times, 0.5), "ms");
            Add("connections", "time to one, 99th percentile", Quantile(times, 0.99), "ms");

            // Identify has come and gone.
            await Task.Delay(TimeSpan.FromSeconds(3)).ConfigureAwait(false);
            var loaded = await server.SampleAsync().ConfigureAwait(false);
            Add("connections", "heap of the node, a connection", (loaded.Heap - before.Heap) / 1024.0 / connections.Length, "KiB");
            Add("connections", "resident memory of the node, a connection", (loaded.Resident - before.Resident) / 1024.0 / connections.Length, "KiB");
            Add("connections", "priced by the governor, a connection", (loaded.Priced - before.Priced) / 1024.0 / connections.Length, "KiB");

            var streams = new IStream[size.Streams];
            var each = Math.Max(1, Math.Min(connections.Length, 100));
            clock.Restart();
            await ForEachAsync(streams.Length, async number =>
            {
                var stream = streams[number] = await connections[number % each].OpenStreamAsync([LoadNode.Echo]).ConfigureAwait(false);
                await stream.Output.WriteAsync(new byte[1]).ConfigureAwait(false);
                stream.Input.AdvanceTo((await stream.Input.ReadAtLeastAsync(1).ConfigureAwait(false)).Buffer.End);
            }).ConfigureAwait(false);
            took = clock.Elapsed;
            var full = await server.SampleAsync().ConfigureAwait(false);
            Add("streams", $"open at once, on {each} connections", full.Streams, "");
            Add("streams", $"opened a second with a byte there and back, {Parallel} at a time", streams.Length / took.TotalSeconds, "/s");
            Add("streams", "heap of the node, a stream", (full.Heap - loaded.Heap) / (double)Math.Max(1, streams.Length), "B");
            Check("streams open", full.Streams >= size.Streams, $"{full.Streams} of {size.Streams}");
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync().ConfigureAwait(false);
        }

        await EmptyAsync(server, "connections and streams").ConfigureAwait(false);
    }

    private async Task ChurnAsync(LoadProcess server, Multiaddr target)
    {
        await using (var node = await LoadNode.StartAsync("").ConfigureAwait(false))
        {
            var connection = await node.Node.ConnectAsync(target).ConfigureAwait(false);
            await TalkAsync(connection).ConfigureAwait(false);
            var before = await server.SampleAsync().ConfigureAwait(false);
            var clock = Stopwatch.StartNew();
            await ForEachAsync(size.Churn, _ => TalkAsync(connection)).ConfigureAwait(false);
            var took = clock.Elapsed;
            var after = await server.SampleAsync().ConfigureAwait(false);
            Add("churn", "streams opened and closed on one connection", size.Churn, "");
            Add("churn", "a second, with a byte there and back", size.Churn / took.TotalSeconds, "/s");
            Add("churn", "heap of the node that stayed behind", (after.Heap - before.Heap) / 1024.0, "KiB");
            Check("heap after the churn", after.Heap - before.Heap < 16 << 20, $"{(after.Heap - before.Heap) >> 20} MiB more");
        }

        await EmptyAsync(server, "churn").ConfigureAwait(false);

        static async Task TalkAsync(IConnection connection)
        {
            var stream = await connection.OpenStreamAsync([LoadNode.Echo]).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await stream.Output.WriteAsync(new byte[1]).ConfigureAwait(false);
                await stream.Output.CompleteAsync().ConfigureAwait(false);
                while (true)
                {
                    var read = await stream.Input.ReadAsync().ConfigureAwait(false);
                    stream.Input.AdvanceTo(read.Buffer.End);
                    if (read.IsCompleted) break;
                }
            }
        }
    }

    private async Task PingsAsync(LoadProcess server, Multiaddr target)
    {
        target.TryGetIPEndPoint(out var end);
        var (honest, _) = await LoadProcess.StartAsync(target.ToString()).ConfigureAwait(false);
        await using (honest)
        {
            await honest.PingAsync(TimeSpan.FromSeconds(Math.Min(1, size.Time.TotalSeconds))).ConfigureAwait(false);
            Pings("alone", await honest.PingAsync(size.Time).ConfigureAwait(false));

            using (var stop = new CancellationTokenSource())
            {
                var flood = Crowd.FloodAsync(end!, stop.Token);
                var times = await honest.PingAsync(size.Time).ConfigureAwait(false);
                await stop.CancelAsync().ConfigureAwait(false);
                Pings($"beside a connection flood ({await flood.ConfigureAwait(false) / size.Time.TotalSeconds:0}/s)", times);
            }

            await EmptyAsync(server, "flood", honestPeers: 1).ConfigureAwait(false);
            using (var stop = new CancellationTokenSource())
            {
                var silent = Crowd.SilentAsync(end!, size.Silent, stop.Token);
                var times = await honest.PingAsync(size.Time).ConfigureAwait(false);
                await stop.CancelAsync().ConfigureAwait(false);
                await silent.ConfigureAwait(false);
                Pings($"beside {size.Silent} silent sockets", times);
            }

            await EmptyAsync(server, "silent sockets", honestPeers: 1).ConfigureAwait(false);
            var slow = await Crowd.SlowAsync(target, size.Slow).ConfigureAwait(false);
            await using (slow.ConfigureAwait(false)) Pings($"beside {size.Slow} slow readers", await honest.PingAsync(size.Time).ConfigureAwait(false));
            await EmptyAsync(server, "slow readers", honestPeers: 1).ConfigureAwait(false);
        }
    }

    private void Pings(string beside, double[] times)
    {
        Add("honest ping", $"median {beside}", Quantile(times, 0.5), "ms");
        Add("honest ping", $"99th percentile {beside}", Quantile(times, 0.99), "ms");
    }

    /// <summary>Everything has been given back.</summary>
    private async Task EmptyAsync(LoadProcess server, string after, int honestPeers = 0)
    {
        var clock = Stopwatch.StartNew();
        LoadAnswer held;
        do
        {
            await Task.Delay(100).ConfigureAwait(false);
            held = await server.SampleAsync().ConfigureAwait(false);
        }
        while ((held.Connections > honestPeers || held.Streams > 2 * honestPeers) && clock.Elapsed < Patience.Limit);
        Check($"all given back after {after}", held.Connections <= honestPeers && held.Streams <= 2 * honestPeers, $"{held.Connections} connections, {held.Streams} streams, {held.Priced} bytes");
    }

    private void Add(string group, string name, double value, string unit)
    {
        var figure = new LoadFigure(group, name, value, unit);
        _figures.Add(figure);
        write(figure.ToString());
    }

    private void Check(string what, bool holds, string found)
    {
        _holds &= holds;
        write($"{(holds ? "ok" : "FAILED"),-14} {what}: {found}");
    }

    private static double Quantile(double[] sorted, double part) => sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))];

    private static Task ForEachAsync(int count, Func<int, Task> act) =>
        System.Threading.Tasks.Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = Parallel }, async (number, _) => await act(number).ConfigureAwait(false));
}
