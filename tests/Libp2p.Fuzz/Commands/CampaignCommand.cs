using System.Collections.Concurrent;
using System.CommandLine;
using Libp2p.Fuzz.Campaigns;
using Libp2p.Fuzz.Loop;

namespace Libp2p.Fuzz.Commands;

/// <summary><c>campaign</c>: fuzzes guided by coverage, for as long as asked.</summary>
internal static class CampaignCommand
{
    public static Command Create()
    {
        var targets = Targets.Option();
        var time = new Option<double>("--time") { Description = "Most minutes a target.", DefaultValueFactory = _ => 60, HelpName = "MINUTES" };
        var executions = new Option<long>("--executions", "-n") { Description = "Most executions a target.", DefaultValueFactory = _ => 10_000_000, HelpName = "N" };
        var seed = new Option<ulong>("--seed") { Description = "Of the mutations; by default the clock's.", DefaultValueFactory = _ => (ulong)DateTime.UtcNow.Ticks, HelpName = "N" };
        var engine = new Option<string>("--engine") { Description = "Who mutates: the loop of this program, or AFL++.", DefaultValueFactory = _ => "loop", HelpName = "loop|afl" };
        var jobs = new Option<int>("--jobs", "-j") { Description = "Targets at a time.", DefaultValueFactory = _ => 1, HelpName = "N" };
        engine.AcceptOnlyFromAmong("loop", "afl");
        var command = new Command("campaign", "Fuzz targets, guided by coverage, and report.") { targets, time, executions, jobs, seed, engine };
        command.SetAction(async (result, cancellationToken) =>
        {
            var chosen = Targets.Find(result.GetValue(targets)!);
            var duration = TimeSpan.FromMinutes(result.GetValue(time));
            var progress = new CampaignProgress(Console.Out, !Console.IsOutputRedirected);
            using var copy = new Instrumentation();
            var loop = new Campaign([copy.Program], result.GetValue(executions), duration, result.GetValue(seed), progress);
            var afl = new AflCampaign(copy.Program, result.GetValue(executions), duration, progress);
            var results = new ConcurrentDictionary<FuzzTarget, LoopStatus>();
            await Parallel.ForEachAsync(chosen, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, result.GetValue(jobs)) }, async (target, _) =>
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                results[target] = await (result.GetValue(engine) == "afl" ? afl.RunAsync(target.Name, cancellationToken) : loop.RunAsync(target.Name, cancellationToken)).ConfigureAwait(false);
                progress.Done(results[target]);
            }).ConfigureAwait(false);

            progress.Report([.. chosen.Where(results.ContainsKey).Select(target => results[target])]);
            return results.Values.Any(status => status.Findings > 0) ? 1 : 0;
        });
        return command;
    }

    /// <summary><c>merge</c>: what campaigns found becomes the corpus.</summary>
    public static Command Merge()
    {
        var targets = Targets.Option();
        var most = new Option<int>("--most") { Description = "Most bytes of a target's corpus.", DefaultValueFactory = _ => 24 * 1024, HelpName = "BYTES" };
        var command = new Command("merge", "Make the corpus the fewest inputs that take all edges known.") { targets, most };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var copy = new Instrumentation();
            foreach (var target in Targets.Find(result.GetValue(targets)!))
            {
                using var process = System.Diagnostics.Process.Start(copy.Program, ["merge-worker", target.Name, $"{result.GetValue(most)}"]);
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            }

            return 0;
        });
        return command;
    }

    /// <summary>What the instrumented copy is started with.</summary>
    public static IEnumerable<Command> Workers()
    {
        var target = new Argument<string>("target");
        var executions = new Argument<long>("executions");
        var seconds = new Argument<long>("seconds");
        var seed = new Argument<ulong>("seed");
        var most = new Argument<int>("most");
        var path = new Argument<string>("path");
        var worker = new Command("worker") { target, executions, seconds, seed, path };
        worker.SetAction(result => Worker.Run(result.GetValue(target)!, result.GetValue(executions), TimeSpan.FromSeconds(result.GetValue(seconds)), result.GetValue(seed), result.GetValue(path)!));
        var merge = new Command("merge-worker") { target, most };
        merge.SetAction(result => Worker.Merge(result.GetValue(target)!, result.GetValue(most)));
        var afl = new Command("afl") { target };
        afl.SetAction(result => AflHarness.Run(result.GetValue(target)!));
        foreach (var command in (Command[])[worker, merge, afl])
        {
            command.Hidden = true;
            yield return command;
        }
    }
}
