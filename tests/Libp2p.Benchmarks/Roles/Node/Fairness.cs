using Libp2p.Benchmarks.Roles.Usage;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Roles.Node;

/// <summary>One byte there and back on a stream, while another stream of the connection is saturated. The server may be any that serves echo and perf.</summary>
internal static class Fairness
{
    /// <summary>The percentiles without the transfer, for what it adds.</summary>
    public const string QuietP99 = "quiet-p99";

    /// <summary>What the transfer moved meanwhile, in MiB/s.</summary>
    public const string Rate = "rate";

    private const long More = 1L << 40;

    public static async Task<Sample> MeasureAsync(NodeDialer dialer, UsageClient usage, Workload work)
    {
        await using var node = await dialer.StartAsync().ConfigureAwait(false);
        var connection = await dialer.ConnectAsync(node).ConfigureAwait(false);
        var stream = await Echo.OpenAsync(connection).ConfigureAwait(false);
        await Repetition.WarmUpAsync(1, Idleness.WarmUp, _ => Echo.OnceAsync(stream)).ConfigureAwait(false);
        var quiet = await Repetition.MeasureAsync(usage, 1, work.Count, _ => Echo.OnceAsync(stream)).ConfigureAwait(false);

        using var enough = new CancellationTokenSource();
        var moving = new Moving();
        var transfer = node.Perf.MeasureAsync(connection, work.Down ? 0 : More, work.Down ? More : 0, moving, enough.Token);
        await moving.Started.ConfigureAwait(false);
        var sample = await Repetition.MeasureAsync(usage, 1, work.Count, _ => Echo.OnceAsync(stream)).ConfigureAwait(false);
        if (transfer.IsCompleted) throw new InvalidOperationException("the transfer ended before the measurement did");
        sample.Set(QuietP99, quiet.Find(Sample.P99) ?? 0);
        sample.Set(Rate, moving.MebibytesPerSecond);
        await enough.CancelAsync().ConfigureAwait(false);
        try
        {
            await transfer.ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or StreamResetException)
        {
        }

        return sample;
    }

    /// <summary>Told once a second how far the transfer is; the first second lets its window grow.</summary>
    private sealed class Moving : IProgress<PerfProgress>
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private PerfProgress _last;

        public Task Started => _started.Task;

        public double MebibytesPerSecond => (_last.Uploaded + _last.Downloaded) / _last.Elapsed.TotalSeconds / (1 << 20);

        public void Report(PerfProgress value)
        {
            _last = value;
            if (value.Uploaded + value.Downloaded > 0) _started.TrySetResult();
        }
    }
}
