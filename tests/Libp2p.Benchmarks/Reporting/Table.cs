using System.Globalization;
using Libp2p.Benchmarks.Contenders;
using Libp2p.Benchmarks.Racing;

namespace Libp2p.Benchmarks.Reporting;

/// <summary>The table, in Markdown that also reads in a terminal.</summary>
internal static class Table
{
    private static readonly string[] Head = ["figure", "who", "median (spread)", "ours / it", "inline / it", "CPU", "allocated, dialer + server"];

    public static void Write(Report report, TextWriter output)
    {
        output.WriteLine($"{report.Machine}, {Numbers.Short(report.LoadAfter)} after; {report.Rounds} rounds in turns.");
        output.WriteLine("Medians; a ratio is the median of the rounds' ratios. CPU: of both sides, a GiB or an operation, and ours to it. Allocated: bytes a MiB or an operation.");
        foreach (var skipped in report.Skipped) output.WriteLine($"Left out: {skipped}");
        output.WriteLine();
        List<string[]> rows = [Head, .. report.Outcomes.SelectMany(RowsOf), .. report.Growths.Select(RowOf)];
        WriteRows(rows, output);
        if (report.Verdicts.Count == 0) return;
        output.WriteLine();
        WriteRows([["target", "who", "wanted", "got", ""], .. report.Verdicts.Select(RowOf)], output);
    }

    /// <summary>The lines of one figure; its title stands in the first.</summary>
    private static IEnumerable<string[]> RowsOf(Outcome outcome)
    {
        var (ours, inline) = (outcome.Of(Contender.Ours), outcome.Of(Contender.Inline));
        var title = outcome.Figure.Title;
        foreach (var (name, series) in outcome.Contenders)
        {
            yield return
            [
                title,
                name,
                series.Median is null ? "failed" : $"{Numbers.Short(series.Median)} {outcome.Figure.Unit} ({Numbers.Short(series.Least)}–{Numbers.Short(series.Most)})",
                name == Contender.Ours ? "" : Numbers.Ratio(ours?.RatioTo(series)),
                name is Contender.Ours or Contender.Inline ? "" : Numbers.Ratio(inline?.RatioTo(series)),
                CpuOf(name, series, ours),
                series.Allocated is (not null, not null) and var (dialer, server) ? $"{Numbers.Short(dialer)} + {Numbers.Short(server)} B" : "",
            ];
            title = "";
        }
    }

    private static string CpuOf(string name, Series series, Series? ours)
    {
        if (series.Cpu is not { } cpu) return "";
        var ratio = name == Contender.Ours ? null : ours?.CpuRatioTo(series);
        return $"{Numbers.Short(cpu)} {series.CpuUnit}{(ratio is null ? "" : $" ({Numbers.Ratio(ratio)})")}";
    }

    private static void WriteRows(IReadOnlyList<string[]> rows, TextWriter output)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        for (var i = 0; i < rows.Count; i++)
        {
            output.WriteLine($"| {string.Join(" | ", rows[i].Select((cell, column) => cell.PadRight(widths[column])))} |");
            if (i == 0) output.WriteLine($"|{string.Join("|", widths.Select(w => new string('-', w + 2)))}|");
        }
    }

    private static string[] RowOf(Growth growth) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"exponent of the cost of one, {growth.From:#,0} to {growth.To:#,0} {growth.Series}"), growth.Contender,
        $"{growth.Exponent:0.00}{(growth.IsSuperlinear ? " (superlinear)" : "")}", "", "", "", "",
    ];

    private static string[] RowOf(Verdict verdict) =>
    [
        verdict.Figure.Title, verdict.Target.Who, verdict.Wanted, Numbers.Short(verdict.Got) + (verdict.Target.Against is null ? "" : "x"), verdict.Reached ? "reached" : "missed",
    ];
}
