using System.Text.Json;
using Libp2p.Fuzz.Loop;

namespace Libp2p.Fuzz.Campaigns;

/// <summary>What the instrumented copy does, one target a process: tells how far it is, a line of JSON a second.</summary>
internal static class Worker
{
    /// <param name="name">The target.</param>
    /// <param name="executions">Most inputs.</param>
    /// <param name="duration">Most time.</param>
    /// <param name="seed">Of the mutations.</param>
    /// <param name="path">Where it leaves the input that it runs.</param>
    public static int Run(string name, long executions, TimeSpan duration, ulong seed, string path)
    {
        var target = FuzzTargets.Get(name);
        using var current = new CurrentInput(path);
        new FuzzLoop(target, seed, current).Run(Known(target), executions, duration, status => Console.WriteLine(JsonSerializer.Serialize(status)));
        return 0;
    }

    /// <summary>Makes the corpus of a target the fewest inputs, of all that are known, that take all that is known.</summary>
    public static int Merge(string name, int most)
    {
        var target = FuzzTargets.Get(name);
        using var current = new CurrentInput(CurrentPath(name));
        var loop = new FuzzLoop(target, 0, current);
        var kept = loop.Minimise([.. FuzzFolders.Files(FuzzFolders.Corpus(name)).Select(File.ReadAllBytes), .. Known(target)]);
        var folder = FuzzFolders.Corpus(name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        var size = 0;
        var count = 0;
        foreach (var input in kept.TakeWhile(input => (size += input.Length) <= most))
        {
            FuzzFolders.Save(folder, input);
            count++;
        }

        Console.WriteLine($"{name}: {count} of {kept.Count} inputs kept");
        return 0;
    }

    /// <summary>Where a worker of this process leaves the input that it runs: no other's, who would cut it off under the worker.</summary>
    public static string CurrentPath(string name)
    {
        var folder = Path.Combine(FuzzFolders.Campaigns, "current", $"{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, name);
    }

    private static List<byte[]> Known(FuzzTarget target) => [.. FuzzFolders.Inputs(target), .. FuzzFolders.Files(FuzzFolders.Queue(target.Name)).Select(File.ReadAllBytes)];
}
