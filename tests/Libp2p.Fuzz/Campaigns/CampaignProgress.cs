using System.Diagnostics;
using System.Text.Json;
using Libp2p.Fuzz.Loop;

namespace Libp2p.Fuzz.Campaigns;

/// <summary>Tells how a campaign goes: on a terminal by one line that changes, else by a line every ten seconds (where several targets run at a time: of any of them); at the end by a table and a file of JSON.</summary>
internal sealed class CampaignProgress(TextWriter writer, bool terminal)
{
    private readonly TextWriter _output = TextWriter.Synchronized(writer);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private long _last;

    public void Show(LoopStatus status)
    {
        if (!terminal && _last != 0 && Stopwatch.GetElapsedTime(_last) < TimeSpan.FromSeconds(10))
        {
            return;
        }

        _last = Stopwatch.GetTimestamp();
        _output.Write(terminal ? $"\r\e[K{Line(status)}" : Line(status) + Environment.NewLine);
    }

    public void Say(string text) => _output.WriteLine(terminal ? $"\r\e[K{text}" : text);

    /// <summary>Ends a target's line.</summary>
    public void Done(LoopStatus status)
    {
        _last = 0;
        Say(Line(status));
    }

    public void Report(IReadOnlyList<LoopStatus> results)
    {
        Say("");
        _output.WriteLine($"{"target",-46}{"executions",14}{"exec/s",10}{"edges",8}{"features",10}{"queue",8}{"findings",10}");
        foreach (var result in results)
        {
            _output.WriteLine($"{result.Target,-46}{result.Executions,14:N0}{result.PerSecond,10:N0}{result.Edges,8}{result.Features,10}{result.Queue,8}{result.Findings,10}");
        }

        _output.WriteLine($"{"",-46}{results.Sum(r => r.Executions),14:N0}{"",36}{results.Sum(r => r.Findings),10}");
        var path = Path.Combine(FuzzFolders.Campaigns, "reports", $"{DateTime.UtcNow:yyyyMMdd-HHmmss}.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(new { Date = DateTimeOffset.UtcNow, Targets = results }, Indented));
        _output.WriteLine($"report: {path}");
    }

    private static string Line(LoopStatus s) =>
        $"{s.Target,-46}{s.Executions,14:N0} executions {s.PerSecond,9:N0}/s {s.Edges,6} edges {s.Queue,5} kept {s.Findings,4} findings";
}
