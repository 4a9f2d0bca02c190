using System.Diagnostics;
using System.Globalization;

namespace Libp2p.Benchmarks.Throughput;

/// <summary>Runs the sides in turns and prints the medians beside each other.</summary>
internal static class Comparison
{
    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var mebibytes = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 256;
        const string Congestion = "/proc/sys/net/ipv4/tcp_congestion_control";
        Console.WriteLine($"{rounds} rounds of {mebibytes} MiB, one stream, 64 KiB writes; {Environment.ProcessorCount} cores, "
            + $"congestion control {(File.Exists(Congestion) ? File.ReadAllText(Congestion).Trim() : "unknown")}");
        var samples = new Dictionary<string, List<Sample>> { ["raw"] = [], ["node"] = [] };
        for (var round = 0; round < rounds; round++)
        {
            foreach (var side in round % 2 == 0 ? samples.Keys : samples.Keys.Reverse())
            {
                samples[side].Add(await OnceAsync(side, mebibytes).ConfigureAwait(false));
                Console.Error.Write($"\rround {round + 1} of {rounds}");
            }
        }

        Console.Error.WriteLine();
        Console.WriteLine("| | MiB/s, median (spread) | to raw | CPU s/GiB | allocated B/MiB, sender | receiver |\n|---|---|---|---|---|---|");
        var raw = Median(samples["raw"], s => s.MebibytesPerSecond);
        Print("bare sockets", samples["raw"], raw);
        Print("TCP + Noise + yamux", samples["node"], raw);
        return 0;
    }

    private static void Print(string name, List<Sample> samples, double raw)
    {
        var speed = Median(samples, s => s.MebibytesPerSecond);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {speed:0} ({samples.Min(s => s.MebibytesPerSecond):0}-{samples.Max(s => s.MebibytesPerSecond):0}) | {speed / raw:0.00} | {Median(samples, s => s.CpuSecondsPerGibibyte):0.00} | {Median(samples, s => s.SenderBytesPerMebibyte):0} | {Median(samples, s => s.ReceiverBytesPerMebibyte):0} |"));
    }

    private static async Task<Sample> OnceAsync(string side, int mebibytes)
    {
        using var server = Start($"serve-{side}");
        try
        {
            var address = await server.StandardOutput.ReadLineAsync().ConfigureAwait(false) ?? throw new InvalidOperationException($"serve-{side} ended");
            using var sender = Start($"send-{side}", address, mebibytes.ToString(CultureInfo.InvariantCulture));
            var line = await sender.StandardOutput.ReadLineAsync().ConfigureAwait(false) ?? throw new InvalidOperationException($"send-{side} ended");
            await sender.WaitForExitAsync().ConfigureAwait(false);
            return Sample.Parse(line);
        }
        finally
        {
            server.StandardInput.Close();
            if (!server.WaitForExit(5000)) server.Kill();
        }
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    private static double Median(List<Sample> samples, Func<Sample, double> value)
    {
        var sorted = samples.Select(value).Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
