using System.Collections.Immutable;

namespace Libp2p.Swarm.Resources;

/// <summary>
/// Counts what limits refuse, by the option that would change it, and tells of it: the first refusal at once, then at most one in <see cref="Pause"/> an option, so that a flood of
/// refusals is no flood of logs. Thread-safe; there are no more entries than options.
/// </summary>
internal sealed class Refusals(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = []; // guarded by _gate

    /// <summary>Told of a refusal and how many there were since it was told last. Set once.</summary>
    public Action<ResourceDenial, long>? Told { get; set; }

    /// <summary>Counts a refusal, and passes it on.</summary>
    /// <param name="denial">What was refused.</param>
    /// <param name="isOrdinary">Refused as it is meant to be: counted, and not told.</param>
    public ResourceDenial Add(ResourceDenial denial, bool isOrdinary = false)
    {
        SwarmMetrics.Refused.Add(1, new KeyValuePair<string, object?>("limit", denial.Option));
        long untold = 0;
        lock (_gate)
        {
            if (!_entries.TryGetValue(denial.Option, out var entry)) _entries[denial.Option] = entry = new Entry();
            entry.Count++;
            entry.Last = denial;
            if (!isOrdinary)
            {
                entry.Untold++;
                var now = time.GetTimestamp();
                if (entry.ToldAt is not { } at || time.GetElapsedTime(at, now) >= Pause)
                {
                    entry.ToldAt = now;
                    untold = entry.Untold;
                    entry.Untold = 0;
                }
            }
        }

        if (untold > 0) Told?.Invoke(denial, untold);
        return denial;
    }

    public ImmutableArray<ResourceRefusals> Snapshot()
    {
        lock (_gate) return [.. _entries.Select(static entry => new ResourceRefusals(entry.Key, entry.Value.Count, entry.Value.Last!)).OrderByDescending(static refusals => refusals.Count)];
    }

    private sealed class Entry
    {
        public long Count { get; set; }

        public long Untold { get; set; }

        public long? ToldAt { get; set; }

        public ResourceDenial? Last { get; set; }
    }
}
