using System.Diagnostics;
using System.Text.Json;
using Libp2p.Fuzz.Loop;

namespace Libp2p.Fuzz.Campaigns;

/// <summary>Fuzzes targets one after the other, each in a process of its own, and reports.</summary>
/// <param name="worker">What starts a worker: a program, and its first arguments.</param>
/// <param name="executions">Most executions a target.</param>
/// <param name="duration">Most time a target.</param>
/// <param name="seed">Of the mutations.</param>
/// <param name="progress">Is told how far it is.</param>
internal sealed class Campaign(IReadOnlyList<string> worker, long executions, TimeSpan duration, ulong seed, CampaignProgress progress)
{
    /// <summary>Runs one target to its end, with a new process where an input ended the last one. Cancelled, or its worker stopped by somebody, it returns what was done until then.</summary>
    public async Task<LoopStatus> RunAsync(string target, CancellationToken cancellationToken)
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
            }, cancellationToken).ConfigureAwait(false);
            var end = cancellationToken.IsCancellationRequested ? WorkerEnd.Stopped : WorkerEnds.Of(exit);
            if (end is WorkerEnd.Done or WorkerEnd.Stopped)
            {
                break;
            }

            if (end == WorkerEnd.Failed)
            {
                throw new InvalidOperationException($"{target}: the instrumented process failed before or after its inputs; what it printed is above.");
            }

            total = total with { Findings = total.Findings + 1 };
            var input = CurrentInput.Read(Worker.CurrentPath(target));
            var why = end == WorkerEnd.Hang ? "hang" : "crash";
            progress.Say($"{target}: {why}, exit code {exit}: {FindingStore.Save(target, $"{why}-{attempt}", input, $"exit code {exit}")}");
        }

        return total;
    }

    private async Task<int> WorkAsync(string target, long most, TimeSpan time, ulong seedOfWorker, Action<LoopStatus> report, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(worker[0], [.. worker.Skip(1), "worker", target, $"{most}", $"{(long)time.TotalSeconds}", $"{seedOfWorker}", Worker.CurrentPath(target)])
        {
            RedirectStandardOutput = true,

            // One loop, few allocations: a second heap and a recompiling tier only disturb it.
            Environment = { ["DOTNET_gcServer"] = "0", ["DOTNET_GCgen0size"] = "0x4000000" },
        })!;
        await using var stop = cancellationToken.Register(static process => ((Process)process!).Kill(), process);
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith('{'))
            {
                report(JsonSerializer.Deserialize<LoopStatus>(line)!);
            }
        }

        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return process.ExitCode;
    }
}
