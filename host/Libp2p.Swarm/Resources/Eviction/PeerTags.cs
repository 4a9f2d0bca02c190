using System.Collections.Immutable;

namespace Libp2p.Swarm.Resources.Eviction;

/// <summary>
/// What peers are worth and who protects them. Values decay as they are looked at, without a timer. Bounded: where there is no room for a peer, the unprotected one that is worth least, and
/// less than the newcomer, is forgotten. Thread-safe.
/// </summary>
internal sealed class PeerTags(ResourceOptions options, TimeProvider time)
{
    /// <summary>The longest name of a tag or protection, in characters.</summary>
    public const int MaxName = 128;

    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, Entry> _peers = []; // guarded by _gate; entries are never empty

    /// <summary>Peers remembered.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _peers.Count;
        }
    }

    public bool Tag(PeerId peer, string tag, int value, TimeSpan? halfLife)
    {
        Check(peer, tag);
        if (halfLife is { } given) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(given, TimeSpan.Zero, nameof(halfLife));
        lock (_gate) return Set(peer, tag, value, halfLife);
    }

    public bool Upsert(PeerId peer, string tag, Func<int, int> change)
    {
        Check(peer, tag);
        ArgumentNullException.ThrowIfNull(change);
        lock (_gate)
        {
            var known = _peers.TryGetValue(peer, out var entry) && entry.Tags.TryGetValue(tag, out var found) ? found : default;
            return Set(peer, tag, change((int)Math.Round(Now(known))), known.HalfLife);
        }
    }

    public bool Untag(PeerId peer, string tag)
    {
        Check(peer, tag);
        lock (_gate)
        {
            if (!_peers.TryGetValue(peer, out var entry) || !entry.Tags.Remove(tag)) return false;
            if (entry.IsEmpty) _peers.Remove(peer);
            return true;
        }
    }

    public bool Protect(PeerId peer, string name)
    {
        Check(peer, name);
        lock (_gate)
        {
            if (EntryFor(peer, double.PositiveInfinity) is not { } entry) return false;
            if (entry.Protections.Contains(name)) return true;
            if (entry.Protections.Count >= options.MaxTagsPerPeer) return false;
            entry.Protections.Add(name);
            return true;
        }
    }

    public bool Unprotect(PeerId peer, string name)
    {
        Check(peer, name);
        lock (_gate)
        {
            if (!_peers.TryGetValue(peer, out var entry)) return false;
            entry.Protections.Remove(name);
            if (entry.IsEmpty) _peers.Remove(peer);
            return entry.Protections.Count > 0;
        }
    }

    public bool IsProtected(PeerId peer, string? name)
    {
        lock (_gate) return _peers.TryGetValue(peer, out var entry) && (name is null ? entry.Protections.Count > 0 : entry.Protections.Contains(name));
    }

    public int ValueOf(PeerId peer)
    {
        lock (_gate) return _peers.TryGetValue(peer, out var entry) ? ValueOf(entry) : 0;
    }

    public ImmutableArray<string> ProtectionsOf(PeerId peer)
    {
        lock (_gate) return _peers.TryGetValue(peer, out var entry) ? [.. entry.Protections.Order(StringComparer.Ordinal)] : [];
    }

    private bool Set(PeerId peer, string tag, int value, TimeSpan? halfLife)
    {
        if (EntryFor(peer, value) is not { } entry) return false;
        if (entry.Tags.Count >= options.MaxTagsPerPeer && !entry.Tags.ContainsKey(tag)) return false;
        entry.Tags[tag] = new TagValue(value, time.GetTimestamp(), halfLife);
        return true;
    }

    private Entry? EntryFor(PeerId peer, double worth)
    {
        if (_peers.TryGetValue(peer, out var entry)) return entry;
        if (_peers.Count >= options.MaxTaggedPeers && !MakeRoom(worth)) return null;
        return _peers[peer] = new Entry();
    }

    private bool MakeRoom(double worth)
    {
        PeerId? least = null;
        foreach (var (peer, entry) in _peers)
        {
            if (entry.Protections.Count > 0) continue;
            var value = ValueOf(entry);
            if (value < worth) (least, worth) = (peer, value);
        }

        return least is not null && _peers.Remove(least);
    }

    private int ValueOf(Entry entry)
    {
        var sum = 0.0;
        foreach (var tag in entry.Tags.Values) sum += Math.Round(Now(tag));
        return (int)Math.Clamp(sum, int.MinValue, int.MaxValue);
    }

    private double Now(TagValue tag) => tag.HalfLife is { } halfLife ? tag.Value * Math.Pow(0.5, time.GetElapsedTime(tag.At) / halfLife) : tag.Value;

    private static void Check(PeerId peer, string name)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > MaxName) throw new ArgumentException($"The name is longer than {MaxName} characters.", nameof(name));
    }

    private readonly record struct TagValue(double Value, long At, TimeSpan? HalfLife);

    private sealed class Entry
    {
        public Dictionary<string, TagValue> Tags { get; } = [];

        public HashSet<string> Protections { get; } = [];

        public bool IsEmpty => Tags.Count == 0 && Protections.Count == 0;
    }
}
