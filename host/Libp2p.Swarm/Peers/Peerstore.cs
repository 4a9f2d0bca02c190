using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Libp2p.Multiformats;

namespace Libp2p.Swarm.Peers;

/// <summary>
/// What is known of other peers: in memory, where it is read at the price of a look-up, and behind that in a datastore, where there is one. Thread-safe: a concurrent map of entries, each with its own
/// lock; no call waits for the datastore but <see cref="FlushAsync"/>.
/// </summary>
internal sealed partial class Peerstore(NodeRuntime runtime, PeerstoreOptions options) : IPeerstore
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<PeerId, PeerEntry> _entries = new();
    private readonly PeerBudget _budget = new(options);
    private readonly Lock _sweep = new();
    private long? _lastSweep; // guarded by _sweep
    private int _count;
    private long _numbers;

    /// <summary>Told of addresses that were not known of a peer, without <c>/p2p</c>.</summary>
    public Action<PeerId, IReadOnlyList<Multiaddr>>? AddressesAdded { get; set; }

    /// <summary>What all peers take together.</summary>
    public PeerBudget Budget => _budget;

    /// <inheritdoc/>
    public IReadOnlyCollection<PeerId> Peers
    {
        get
        {
            var now = Now;
            // The map's own order is another in every process: a run could not be replayed by it.
            return [.. _entries.Where(pair => pair.Value.IsKnown(now)).OrderBy(static pair => pair.Value.Number).Select(static pair => pair.Key)];
        }
    }

    private DateTimeOffset Now => runtime.Time.GetUtcNow();

    /// <inheritdoc/>
    public bool TryGet(PeerId peer, [MaybeNullWhen(false)] out PeerInfo info)
    {
        info = null;
        var now = Now;
        if (!_entries.TryGetValue(peer, out var entry) || !entry.IsKnown(now)) return false;
        info = entry.Snapshot(peer, now);
        return true;
    }

    /// <summary>Where a peer is known to be; all that a dial wants of it.</summary>
    public ImmutableArray<Multiaddr> AddressesOf(PeerId peer) => _entries.TryGetValue(peer, out var entry) ? entry.AddressesAt(Now) : [];

    /// <inheritdoc/>
    public void Remove(PeerId peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (!_entries.TryGetValue(peer, out var entry)) return;
        if (!Retire(peer, entry)) entry.Clear();
        Changed(peer);
    }

    /// <summary>A connection to a peer came. It is never too much: others give way.</summary>
    public void Connected(PeerId peer)
    {
        while (!Enter(peer, Now, isConnected: true)!.Connect())
        {
            // Retired between the two.
        }
    }

    /// <summary>A connection to a peer went.</summary>
    public void Disconnected(PeerId peer)
    {
        if (!_entries.TryGetValue(peer, out var entry)) return;
        entry.Disconnect();
        var now = Now;
        Retire(peer, entry, known => known.IsKnown(now));
    }

    /// <summary>Of peers to which there is no connection.</summary>
    private bool Retire(PeerId peer, PeerEntry entry, Func<PeerEntry, bool>? unless = null)
    {
        if (!entry.TryRetire(unless)) return false;
        if (_entries.TryRemove(new KeyValuePair<PeerId, PeerEntry>(peer, entry))) Interlocked.Decrement(ref _count);
        return true;
    }

    [return: NotNullIfNotNull(nameof(isConnected))]
    private PeerEntry? Enter(PeerId peer, DateTimeOffset now, bool? isConnected = null)
    {
        if (_entries.TryGetValue(peer, out var entry)) return entry;
        if (Volatile.Read(ref _count) >= options.MaxPeers)
        {
            Sweep(now);
            if (Volatile.Read(ref _count) >= options.MaxPeers)
            {
                if (isConnected is not true) return null;
                GiveWay();
            }
        }

        var added = new PeerEntry(Interlocked.Increment(ref _numbers), options, _budget);
        entry = _entries.GetOrAdd(peer, added);
        if (ReferenceEquals(entry, added)) Interlocked.Increment(ref _count);
        return entry;
    }

    /// <summary>Forgets what has expired; a sweep costs a full pass, so they are far between.</summary>
    private void Sweep(DateTimeOffset now)
    {
        lock (_sweep)
        {
            if (_lastSweep is { } last && runtime.Time.GetElapsedTime(last) < SweepInterval) return;
            _lastSweep = runtime.Time.GetTimestamp();
            foreach (var (peer, entry) in _entries)
            {
                if (Retire(peer, entry, known => !known.IsExpired(now))) Changed(peer);
                else entry.Expire(now);
            }
        }
    }

    /// <summary>Forgets the oldest of those that are not connected: a hundredth of all, since to find them costs a full pass.</summary>
    private void GiveWay()
    {
        lock (_sweep)
        {
            var oldest = _entries.Where(static pair => !pair.Value.IsConnected).OrderBy(static pair => pair.Value.Number).Take(Math.Max(1, options.MaxPeers / 100)).ToArray();
            foreach (var (peer, entry) in oldest)
            {
                if (Retire(peer, entry)) Changed(peer);
            }
        }
    }
}
