using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Libp2p.Fuzz.Loop;

namespace Libp2p.Fuzz.Campaigns;

/// <summary>The same with AFL++ as the one that mutates: slower, and with another head.</summary>
internal sealed class AflCampaign(string program, long executions, TimeSpan duration, CampaignProgress progress)
{
    /// <exception cref="InvalidOperationException">AFL++ is not installed.</exception>
    public async Task<LoopStatus> RunAsync(string target, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(FuzzFolders.Campaigns, "afl", target);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        var inputs = Path.Combine(folder, "in");
        foreach (var input in FuzzFolders.Inputs(FuzzTargets.Get(target)).Where(input => input.Length > 0).DefaultIfEmpty([0]))
        {
            FuzzFolders.Save(inputs, input);
        }

        var found = Path.Combine(folder, "out");
        var status = new LoopStatus(target, 0, 0, 0, 0, 0, 0);
        using (var process = Start(target, inputs, found))
        {
            // It ends in good order on this signal, which a Ctrl+C sends it too.
            await using var stop = cancellationToken.Register(() => Process.Start("kill", ["-INT", $"{process.Id}"]));
            var exited = process.WaitForExitAsync(CancellationToken.None);
            while (await Task.WhenAny(exited, Task.Delay(1000, CancellationToken.None)).ConfigureAwait(false) != exited)
            {
                progress.Show(status = Read(status, found));
            }

            if (process.ExitCode != 0 && !File.Exists(Stats(found)))
            {
                progress.Say($"{target}: afl-fuzz ended with exit code {process.ExitCode}; see {folder}");
            }
        }

        return Read(status, found) with { Findings = Keep(target, found) };
    }

    private Process Start(string target, string inputs, string output)
    {
        string[] arguments =
        [
            "-i", inputs, "-o", output, "-m", "none", "-t", "10000", "-V", $"{(long)duration.TotalSeconds}", "-E", $"{executions}",
            "--", program, "afl", target,
        ];
        try
        {
            var start = new ProcessStartInfo("afl-fuzz", arguments)
            {
                RedirectStandardOutput = true,
                Environment =
                {
                    ["AFL_SKIP_BIN_CHECK"] = "1", ["AFL_NO_UI"] = "1", ["AFL_SKIP_CPUFREQ"] = "1", ["AFL_NO_AFFINITY"] = "1", ["AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES"] = "1",
                },
            };
            var process = Process.Start(start)!;
            _ = process.StandardOutput.ReadToEndAsync();
            return process;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("afl-fuzz is not installed. On Debian: apt-get install afl++. Or leave out --engine afl: the built-in loop needs nothing.", e);
        }
    }

    private static string Stats(string output) => Path.Combine(output, "default", "fuzzer_stats");

    private static LoopStatus Read(LoopStatus status, string output)
    {
        if (!File.Exists(Stats(output)))
        {
            return status;
        }

        var stats = File.ReadLines(Stats(output)).Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());
        double Number(string key) => stats.TryGetValue(key, out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return status with
        {
            Executions = (long)Number("execs_done"),
            PerSecond = Number("execs_per_sec"),
            Edges = (int)Number("edges_found"),
            Queue = (int)Number("corpus_count"),
            Findings = (int)(Number("saved_crashes") + Number("saved_hangs")),
        };
    }

    // Runs what ended badly once more, here, to see what it was and whether two are the same.
    private static int Keep(string name, string output)
    {
        var target = FuzzTargets.Get(name);
        var store = new FindingStore(target);
        var hangs = 0;
        foreach (var file in FuzzFolders.Files(Path.Combine(output, "default", "crashes")))
        {
            var input = File.ReadAllBytes(file);
            if (Execution.Try(target, input) is { } defect)
            {
                store.Add(input, defect);
            }
        }

        foreach (var file in FuzzFolders.Files(Path.Combine(output, "default", "hangs")))
        {
            FindingStore.Save(name, $"hang-{hangs++}", File.ReadAllBytes(file), "afl-fuzz gave up waiting");
        }

        return store.Count + hangs;
    }
}
