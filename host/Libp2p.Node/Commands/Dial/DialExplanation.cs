using System.Globalization;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Dial;

/// <summary>A dial's report as a person reads it.</summary>
internal static class DialExplanation
{
    public static void Print(DialReport report, IConnection? connection, bool explain, bool json, TextWriter output)
    {
        if (json)
        {
            JsonLine.Write(output, writer => DialJson.Write(writer, report, connection));
            return;
        }

        if (connection is not null) output.WriteLine($"connected to {connection.RemotePeer} at {connection.Remote} in {Milliseconds(report.Took)} ms");
        if (!explain) return;
        foreach (var attempt in report.Attempts)
        {
            output.WriteLine();
            output.WriteLine($"{TerminalText.Clean(attempt.Address.ToString())}{(attempt.ResolvedFrom is { } name ? $"  (from {TerminalText.Clean(name.ToString())})" : "")}");
            if (attempt.StartedAfter is { } start)
            {
                var took = attempt.Took ?? (report.Took - start);
                output.WriteLine($"  {Milliseconds(start),9} ms  +{Milliseconds(took),9} ms  {TimeBar.Draw(start, start + took, report.Took, output)}");
            }

            var steps = attempt.Steps.IsEmpty ? "" : $" after {TerminalText.Clean(string.Join(", ", attempt.Steps.Select(static step => step.Name)))}";
            output.WriteLine($"  {DialJson.NameOf(attempt.Outcome)}{steps}{(attempt.Error is { } error ? $": {TerminalText.Clean(error.Message)}" : "")}");
        }

        if (report.OverLimit > 0) output.WriteLine($"and {report.OverLimit} addresses over the limit");
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.000", CultureInfo.InvariantCulture);
}
