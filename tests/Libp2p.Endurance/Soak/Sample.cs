using System.Diagnostics;

namespace Libp2p.Endurance.Soak;

/// <summary>What a process holds at one moment.</summary>
/// <param name="Seconds">Since it began.</param>
/// <param name="Heap">Managed bytes, right after a collection.</param>
/// <param name="Resident">Bytes of memory the system counts for it.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Handles">File descriptors; where there is no such folder, handles.</param>
/// <param name="Open">What its meters count as open now, by name: connections and streams, of the swarm and of the plugins.</param>
/// <param name="Conversations">Ended so far.</param>
internal sealed record Sample(double Seconds, long Heap, long Resident, int Threads, int Handles, SortedDictionary<string, long> Open, long Conversations)
{
    private const string DescriptorFolder = "/proc/self/fd";

    /// <summary>Of this process, now.</summary>
    public static Sample Take(OpenCounters open, long conversations)
    {
        using var process = Process.GetCurrentProcess();
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        return new Sample(
            (DateTime.UtcNow - process.StartTime.ToUniversalTime()).TotalSeconds,
            heap,
            process.WorkingSet64,
            process.Threads.Count,
            Directory.Exists(DescriptorFolder) ? Directory.EnumerateFileSystemEntries(DescriptorFolder).Count() : process.HandleCount,
            open.Read(),
            conversations);
    }

    /// <summary>Whether everything that was opened was closed.</summary>
    public bool IsIdle => Open.Values.All(static count => count == 0);

    public string Describe() => string.Join(", ", Open.Where(static pair => pair.Value != 0).Select(static pair => $"{pair.Key} {pair.Value}"));
}
