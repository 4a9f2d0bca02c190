using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Libp2p.Multiformats;

namespace Libp2p.Swarm.Peers;

/// <summary>What is known of other peers, in memory. Thread-safe: a concurrent map of entries, each with its own lock.</summary>
internal sealed class Peerstore(TimeProvider time, int maxPeers, int maxAddressesPerPeer) : IPeerstore
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<PeerId, PeerEntry> _entries = new();
    private readonly Lock _sweep = new();
    private long? _lastSweep; // guarded by _sweep
    private int _count;
    private long _numbers;

    /// <summary>Told of addresses that were not known of a peer, without <c>/p2p</c>.</summary>
    public Action<PeerId, IReadOnlyList<Multiaddr>>? AddressesAdded { get; set; }

    /// <inheritdoc/>
    public IReadOnlyCollection<PeerId> Peers
    {
        get
        {
            var now = time.GetUtcNow();
            // The map's own order is another in every process: a run could not be replayed by it.
            return [.. _entries.Where(pair => pair.Value.IsKnown(now)).OrderBy(static pair => pair.Value.Number).Select(static pair => pair.Key)];
        }
    }

    /// <inheritdoc/>
    public bool TryGet(PeerId peer, [MaybeNullWhen(false)] out PeerInfo info)
    {
        info = null;
        var now = time.GetUtcNow();
        if (!_entries.TryGetValue(peer, out var entry) || !entry.IsKnown(now)) return false;
        info = entry.Snapshot(peer, now);
        return true;
    }

    /// <summary>Where a peer is known to be; all that a dial wants of it.</summary>
    public ImmutableArray<Multiaddr> AddressesOf(PeerId peer) => _entries.TryGetValue(peer, out var entry) ? entry.AddressesAt(time.GetUtcNow()) : [];

    /// <inheritdoc/>
    public void AddAddresses(PeerId peer, IEnumerable<Multiaddr> addresses, TimeSpan timeToLive)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(addresses);
        if (timeToLive <= TimeSpan.Zero) return;
        var now = time.GetUtcNow();
        PeerEntry? entry = null;
        List<Multiaddr>? added = null;
        foreach (var address in addresses)
        {
            if (!AddressRules.TrySplit(address, out var bare, out var named) || (named is not null && named != peer)) continue;
            entry ??= Enter(peer, now);
            if (entry is not null && entry.AddAddress(bare, Expiry(now, timeToLive), signed: false, maxAddressesPerPeer, now)) (added ??= []).Add(bare);
        }

        if (added is not null) AddressesAdded?.Invoke(peer, added);
    }

    /// <inheritdoc/>
    public bool ConsumeRecord(PeerRecord record, TimeSpan timeToLive)
    {
        ArgumentNullException.ThrowIfNull(record);
        var now = time.GetUtcNow();
        if (timeToLive <= TimeSpan.Zero || Enter(record.PeerId, now) is not { } entry) return false;
        var addresses = new List<Multiaddr>();
        foreach (var address in record.Addresses)
        {
            if (AddressRules.TrySplit(address, out var bare, out var named) && (named is null || named == record.PeerId)) addresses.Add(bare);
        }

        if (!entry.ReplaceSigned(record.Sequence, addresses, Expiry(now, timeToLive), maxAddressesPerPeer, now)) return false;
        AddressesAdded?.Invoke(record.PeerId, addresses);
        return true;
    }

    /// <inheritdoc/>
    public void Update(IdentifyInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        Enter(info.PeerId, time.GetUtcNow())?.Update(info);
    }

    /// <inheritdoc/>
    public void Remove(PeerId peer)
    {
        if (_entries.TryRemove(peer, out _)) Interlocked.Decrement(ref _count);
    }

    /// <summary>Whether the peer is known to speak a protocol; allocates nothing.</summary>
    public bool Speaks(PeerId peer, ProtocolId protocol) => _entries.TryGetValue(peer, out var entry) && entry.Protocols.Contains(protocol);

    /// <summary>The peer has just refused a protocol that it was known to speak.</summary>
    public void Unlearn(PeerId peer, ProtocolId protocol)
    {
        if (_entries.TryGetValue(peer, out var entry)) entry.Unlearn(protocol);
    }

    private PeerEntry? Enter(PeerId peer, DateTimeOffset now)
    {
        if (_entries.TryGetValue(peer, out var entry)) return entry;
        if (Volatile.Read(ref _count) >= maxPeers)
        {
            Sweep(now);
            if (Volatile.Read(ref _count) >= maxPeers) return null;
        }

        var added = new PeerEntry(Interlocked.Increment(ref _numbers));
        entry = _entries.GetOrAdd(peer, added);
        if (ReferenceEquals(entry, added)) Interlocked.Increment(ref _count);
        return entry;
    }

    /// <summary>Forgets peers of which every address has expired; a sweep costs a full pass, so they are far between.</summary>
    private void Sweep(DateTimeOffset now)
    {
        lock (_sweep)
        {
            if (_lastSweep is { } last && time.GetElapsedTime(last) < SweepInterval) return;
            _lastSweep = time.GetTimestamp();
            foreach (var (peer, entry) in _entries)
            {
                if (!entry.HasLiveAddress(now)) Remove(peer);
            }
        }
    }

    private static DateTimeOffset Expiry(DateTimeOffset now, TimeSpan timeToLive) =>
        timeToLive > DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue : now + timeToLive;
}
