using System.Diagnostics;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Roles.Usage;

/// <summary>Something done many times over some workers, each time taken.</summary>
internal static class Repetition
{
    public static Task WarmUpAsync(int concurrency, int count, Func<int, Task> work) => RunAsync(concurrency, new double[count], work);

    /// <summary>A rate as the value, percentiles in microseconds, and the costs of one.</summary>
    public static async Task<Sample> MeasureAsync(UsageClient usage, int concurrency, int count, Func<int, Task> work)
    {
        var sample = new Sample();
        var microseconds = new double[count];
        var seconds = await usage.MeterAsync(sample, count, () => RunAsync(concurrency, microseconds, work)).ConfigureAwait(false);
        Array.Sort(microseconds);
        sample.Set(Sample.Value, count / seconds);
        sample.Set(Sample.Median, At(microseconds, 0.5));
        sample.Set(Sample.P99, At(microseconds, 0.99));
        return sample;
    }

    private static double At(double[] sorted, double part) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];

    private static async Task RunAsync(int concurrency, double[] microseconds, Func<int, Task> work)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(WorkAsync)).ConfigureAwait(false);

        async Task WorkAsync(int worker)
        {
            for (var i = Interlocked.Increment(ref next); i < microseconds.Length; i = Interlocked.Increment(ref next))
            {
                var started = Stopwatch.GetTimestamp();
                await work(worker).ConfigureAwait(false);
                microseconds[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            }
        }
    }
}
