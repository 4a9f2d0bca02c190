using System.Diagnostics;
using Libp2p.Benchmarks.Contenders;
using Libp2p.Benchmarks.Figures;
using Libp2p.Benchmarks.Racing;
using Libp2p.Benchmarks.Reporting;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Command;

/// <summary>What runs now, on one line that is written over; what is done, on lines that stay. On standard error: the table is the output.</summary>
internal sealed class ProgressLines(TextWriter output, int figures) : IProgressView
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly bool _overwrites = !Console.IsErrorRedirected;
    private int _done;

    public void Running(Figure figure, Contender contender, int round, int rounds)
    {
        if (_overwrites) output.Write($"\r\e[K{Elapsed} [{_done + 1}/{figures}] {figure.Title}: {contender.Name}, round {round} of {rounds}");
    }

    public void Done(Outcome outcome)
    {
        _done++;
        Clear();
        output.WriteLine($"{Elapsed} [{_done}/{figures}] {outcome.Figure.Title}: {string.Join(", ", outcome.Contenders.Select(c => $"{c.Name} {Numbers.Short(c.Series.Median)}"))} {outcome.Figure.Unit}");
    }

    public void Failed(Contender contender, Workload work, string why)
    {
        Clear();
        output.WriteLine($"{contender.Name}, {work.Kind}: {why}");
    }

    private string Elapsed => Stopwatch.GetElapsedTime(_started).ToString(@"mm\:ss");

    private void Clear()
    {
        if (_overwrites) output.Write("\r\e[K");
    }
}
