using System.Text.Json;

namespace Libp2p.Node.Output;

/// <summary>What became of a dial, as a program reads it.</summary>
internal static class DialJson
{
    public static void Write(Utf8JsonWriter json, DialReport report, IConnection? connection)
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

    public static string NameOf(DialOutcome outcome) => outcome.ToString().ToLowerInvariant();

    private static double Rounded(TimeSpan time) => Math.Round(time.TotalMilliseconds, 4);
}
