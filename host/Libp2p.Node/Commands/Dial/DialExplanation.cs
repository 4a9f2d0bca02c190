using System.Globalization;
using System.Text.Json;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Dial;

/// <summary>A dial's report as a person, or a program, reads it.</summary>
internal static class DialExplanation
{
    public static void Print(DialReport report, IConnection? connection, bool explain, bool json, TextWriter output)
    {
        if (json)
        {
            JsonLine.Write(output, writer => WriteJson(writer, report, connection));
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
            output.WriteLine($"  {NameOf(attempt.Outcome)}{steps}{(attempt.Error is { } error ? $": {TerminalText.Clean(error.Message)}" : "")}");
        }

        if (report.OverLimit > 0) output.WriteLine($"and {report.OverLimit} addresses over the limit");
    }

    private static void WriteJson(Utf8JsonWriter json, DialReport report, IConnection? connection)
    {
        json.WriteString("event", "dial");
        json.WriteString("peer", (connection?.RemotePeer ?? report.Peer)?.ToString());
        json.WriteString("addr", connection?.Remote.ToString());
        json.WriteNumber("ms", Rounded(report.Took));
        json.WriteNumber("overLimit", report.OverLimit);
        json.WriteStartArray("attempts");
        foreach (var attempt in report.Attempts)
        {
            json.WriteStartObject();
            json.WriteString("addr", attempt.Address.ToString());
            if (attempt.ResolvedFrom is { } name) json.WriteString("resolvedFrom", name.ToString());
            json.WriteString("outcome", NameOf(attempt.Outcome));
            json.WriteNumber("knownMs", Rounded(attempt.KnownAfter));
            if (attempt.DueAfter is { } due) json.WriteNumber("dueMs", Rounded(due));
            if (attempt.StartedAfter is { } start) json.WriteNumber("startMs", Rounded(start));
            if (attempt.Took is { } took) json.WriteNumber("ms", Rounded(took));
            json.WriteStrings("steps", attempt.Steps.Select(static step => step.Name));
            if (attempt.Error is { } error) json.WriteString("error", error.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string NameOf(DialOutcome outcome) => outcome.ToString().ToLowerInvariant();

    private static double Rounded(TimeSpan time) => Math.Round(time.TotalMilliseconds, 4);

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.000", CultureInfo.InvariantCulture);
}
