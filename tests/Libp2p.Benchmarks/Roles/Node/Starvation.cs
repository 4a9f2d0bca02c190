using Libp2p.Benchmarks.Roles.Usage;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Roles.Node;

/// <summary>One byte there and back on a stream, while handlers of other streams of the connection hold their threads.</summary>
internal static class Starvation
{
    public static async Task<Sample> MeasureAsync(NodeDialer dialer, UsageClient usage, Workload work)
    {
        await using var node = await dialer.StartAsync().ConfigureAwait(false);
        var connection = await dialer.ConnectAsync(node).ConfigureAwait(false);
        var stream = await Echo.OpenAsync(connection).ConfigureAwait(false);
        await Repetition.WarmUpAsync(1, Idleness.WarmUp, _ => Echo.OnceAsync(stream)).ConfigureAwait(false);
        var quiet = await Repetition.MeasureAsync(usage, 1, work.Count, _ => Echo.OnceAsync(stream)).ConfigureAwait(false);
        var blocked = new List<IStream>();
        for (var i = 0; i < work.Streams; i++)
        {
            var held = await connection.OpenStreamAsync([NodeProtocols.Block]).ConfigureAwait(false);
            await held.Output.FlushAsync().ConfigureAwait(false);
            await held.Input.ReadAsync().ConfigureAwait(false);
            blocked.Add(held);
        }

        var sample = await Repetition.MeasureAsync(usage, 1, work.Count, _ => Echo.OnceAsync(stream)).ConfigureAwait(false);
        sample.Set(Fairness.QuietP99, quiet.Find(Sample.P99) ?? 0);
        foreach (var held in blocked) held.Abort(StreamSide.Both, StreamErrorCode.None);
        return sample;
    }
}
