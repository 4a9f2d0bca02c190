using System.Diagnostics;
using System.Text.Json;
using Libp2p.Fuzz.Loop;

namespace Libp2p.Fuzz.Campaigns;

/// <summary>Fuzzes targets one after the other, each in a process of its own, and reports.</summary>
internal sealed class Campaign(string program, long executions, TimeSpan duration, ulong seed, CampaignProgress progress)
{
    // Of a process that caught what went wrong, outside of any input; a crash or a hang has others.
    private const int FailedExitCode = 1;

    /// <summary>Runs one target to its end, with a new process where an input ended the last one.</summary>
    public async Task<LoopStatus> RunAsync(string target)
    {
        var start = Stopwatch.GetTimestamp();
        var total = new LoopStatus(target, 0, 0, 0, 0, 0, 0);
        for (var attempt = 0UL; attempt < 20; attempt++)
        {
            var before = total;
            var left = duration - Stopwatch.GetElapsedTime(start);
            var exit = await WorkAsync(target, executions - before.Executions, left, seed + attempt, status =>
            {
                var done = before.Executions + status.Executions;
                total = status with { Executions = done, PerSecond = done / Stopwatch.GetElapsedTime(start).TotalSeconds, Findings = before.Findings + status.Findings };
                progress.Show(total);
            }).ConfigureAwait(false);
            if (exit == 0)
            {
                break;
            }

            if (exit == FailedExitCode)
            {
                throw new InvalidOperationException($"{target}: the instrumented process failed before or after its inputs; what it printed is above.");
            }

            total = total with { Findings = total.Findings + 1 };
            var input = CurrentInput.Read(Worker.CurrentPath(target));
            var why = exit == FuzzLoop.HangExitCode ? "hang" : "crash";
            progress.Say($"{target}: {why}, exit code {exit}: {FindingStore.Save(target, $"{why}-{attempt}", input, $"exit code {exit}")}");
        }

        return total;
    }

    private async Task<int> WorkAsync(string target, long most, TimeSpan time, ulong worker, Action<LoopStatus> report)
    {
        using var process = Process.Start(new ProcessStartInfo(program, ["worker", target, $"{most}", $"{(long)time.TotalSeconds}", $"{worker}"])
        {
            RedirectStandardOutput = true,

            // One loop, few allocations: a second heap and a recompiling tier only disturb it.
            Environment = { ["DOTNET_gcServer"] = "0", ["DOTNET_GCgen0size"] = "0x4000000" },
        })!;
        while (await process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith('{'))
            {
                report(JsonSerializer.Deserialize<LoopStatus>(line)!);
            }
        }

        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode;
    }
}
