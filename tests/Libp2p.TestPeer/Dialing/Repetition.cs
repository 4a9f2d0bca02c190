using System.Diagnostics;
using System.Text.Json;

namespace Libp2p.TestPeer.Dialing;

/// <summary>Something done many times over some workers, each time taken.</summary>
internal sealed record Repetition(int Count, int Concurrency, Spent Spent, double[] SortedMs)
{
    public static async Task<Repetition> RunAsync(PeerOptions options, int concurrency, int count, Func<int, Task> work)
    {
        var samples = new double[count];
        var next = -1;
        var spent = await Spent.OfAsync(options, () => Task.WhenAll(Enumerable.Range(0, concurrency).Select(WorkAsync))).ConfigureAwait(false);
        Array.Sort(samples);
        return new Repetition(count, concurrency, spent, samples);

        async Task WorkAsync(int worker)
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                var started = Stopwatch.GetTimestamp();
                await work(worker).ConfigureAwait(false);
                samples[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        }
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteNumber("count", Count);
        json.WriteNumber("concurrency", Concurrency);
        json.WriteNumber("perSecond", Count / Spent.Seconds);
        Spent.WriteTo(json);
        json.WriteStartObject("ms");
        json.WriteNumber("p50", At(0.5));
        json.WriteNumber("p90", At(0.9));
        json.WriteNumber("p99", At(0.99));
        json.WriteNumber("max", SortedMs[^1]);
        json.WriteEndObject();
    }

    private double At(double p) => SortedMs[Math.Min(SortedMs.Length - 1, (int)(SortedMs.Length * p))];
}
