using Libp2p.Benchmarks.Figures;
using Libp2p.Benchmarks.Racing;
using Libp2p.Benchmarks.Reporting;

namespace Libp2p.Benchmarks.Command;

/// <summary>The command: measures, prints the table, writes the files asked for.</summary>
internal static class BenchmarkCommand
{
    private const int WrongCommandLine = 2;
    private const int DefaultRounds = 5;

    public static async Task<int> RunAsync(string[] args)
    {
        BenchmarkOptions options;
        IReadOnlyList<Figure> figures;
        try
        {
            options = BenchmarkOptions.Parse(args);
            figures = AllFigures.Choose(new Sizes(options.Quick), options.Figures);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"{e.Message}\n\n{BenchmarkOptions.Usage}").ConfigureAwait(false);
            return WrongCommandLine;
        }

        if (options.Help || options.List)
        {
            Console.WriteLine(options.Help ? BenchmarkOptions.Usage : string.Join('\n', figures.Select(f => $"{f.Key,-32} {f.Title}")));
            return 0;
        }

        return await MeasureAsync(options, figures).ConfigureAwait(false);
    }

    private static async Task<int> MeasureAsync(BenchmarkOptions options, IReadOnlyList<Figure> figures)
    {
        var machine = Machine.Look();
        Warn(machine);
        using var enough = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            // What is measured already is still printed.
            e.Cancel = !enough.IsCancellationRequested;
            enough.Cancel();
        };
        var entrants = Entrants.Of(options);
        var rounds = options.Rounds ?? (options.Quick ? 1 : DefaultRounds);
        var outcomes = await new Race(entrants.Contenders, figures, rounds, new ProgressLines(Console.Error, figures.Count)).RunAsync(enough.Token).ConfigureAwait(false);
        var report = new Report(machine, rounds, outcomes, entrants.LeftOut, Machine.Load);
        Table.Write(report, Console.Out);
        if (options.Json is { } json)
        {
            using var file = File.Create(json);
            JsonReport.Write(report, file);
        }

        if (options.Chart is { } chart) await File.WriteAllTextAsync(chart, Chart.Draw(report)).ConfigureAwait(false);
        return outcomes.Any(o => o.Contenders.Any(c => c.Series.Median is null)) ? 1 : 0;
    }

    private static void Warn(Machine machine)
    {
        if (machine.Congestion == Machine.Throttling) Console.Error.WriteLine($"{machine.Congestion} throttles loopback for everybody: sysctl -w net.ipv4.tcp_congestion_control=reno");
        if (machine.LoadBefore > machine.Cores) Console.Error.WriteLine($"the load is {machine.LoadBefore}: ratios are noisy today");
#if DEBUG
        Console.Error.WriteLine("this is a debug build: measure with -c Release");
#endif
    }
}
