using System.Diagnostics;
using System.Globalization;

namespace Libp2p.Benchmarks.Formats;

/// <summary><c>formats</c>: what reading, writing, signing and checking cost here and in the npm packages, in turns, as ratios.</summary>
internal static class FormatsCommand
{
    private const int Rounds = 15;

    public static async Task<int> RunAsync()
    {
        var js = await JsFormats.StartAsync().ConfigureAwait(false);
        Console.WriteLine($"{Rounds} rounds in turns, medians; js: Node with the npm packages that the interop tests pin");
        Console.WriteLine();
        Console.WriteLine("| work | ours, ns | allocated, bytes | js, ns | js / ours |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var workload in FormatWorkload.All)
        {
            Once(workload);
            List<double> ours = [], theirs = [], ratios = [];
            for (var round = 0; round < Rounds; round++)
            {
                ours.Add(Once(workload));
                if (js is null) continue;
                theirs.Add(await js.MeasureAsync(workload).ConfigureAwait(false));
                ratios.Add(theirs[^1] / ours[^1]);
            }

            var line = string.Create(CultureInfo.InvariantCulture, $"| {workload.Title} | {Median(ours):0} | {Allocated(workload)} | {Shown(Median(theirs), "0")} | {Shown(Median(ratios), "0.0x")} |");
            Console.WriteLine(line);
        }

        if (js is not null) await js.DisposeAsync().ConfigureAwait(false);
        return 0;
    }

    private static double Once(FormatWorkload workload)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < workload.Iterations; i++) workload.Once();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / workload.Iterations;
    }

    private static long Allocated(FormatWorkload workload)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) workload.Once();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
    }

    private static double Median(List<double> values) => values.Count == 0 ? double.NaN : values.Order().ElementAt(values.Count / 2);

    private static string Shown(double value, string format) => double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);
}
