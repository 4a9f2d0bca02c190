using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Libp2p.Multiformats;

namespace Libp2p.Swarm.Peers;

/// <content>Addresses.</content>
internal sealed partial class Peerstore
{
    private readonly Lock _watching = new();
    private volatile ImmutableDictionary<PeerId, ImmutableArray<AddressWatch>> _watches = ImmutableDictionary<PeerId, ImmutableArray<AddressWatch>>.Empty; // replaced under _watching

    /// <inheritdoc/>
    public void AddAddresses(PeerId peer, IEnumerable<Multiaddr> addresses, TimeSpan timeToLive)
    {
        if (timeToLive > TimeSpan.Zero) Put(peer, addresses, timeToLive, static (entry, address, expiry, now) => entry.AddAddress(address, expiry, now));
    }

    /// <inheritdoc/>
    public void SetAddresses(PeerId peer, IEnumerable<Multiaddr> addresses, TimeSpan timeToLive)
    {
        if (timeToLive > TimeSpan.Zero)
        {
            Put(peer, addresses, timeToLive, static (entry, address, expiry, now) => entry.SetAddress(address, expiry, now));
            return;
        }

        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(addresses);
        if (!_entries.TryGetValue(peer, out var known)) return;
        var removed = false;
        foreach (var address in addresses)
        {
            if (BareOf(peer, address) is { } bare) removed |= known.RemoveAddress(bare);
        }

        if (removed) Changed(peer);
    }

    /// <inheritdoc/>
    public void ClearAddresses(PeerId peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (_entries.TryGetValue(peer, out var entry) && entry.ClearAddresses()) Changed(peer);
    }

    /// <inheritdoc/>
    public bool ConsumeRecord(PeerRecord record, TimeSpan timeToLive, SignedEnvelope? envelope = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (envelope is not null && !record.PeerId.Matches(envelope.Signer)) throw new RecordException($"The record tells of {record.PeerId}, but {envelope.Signer.PeerId} signed it.");
        var now = Now;
        if (timeToLive <= TimeSpan.Zero || Enter(record.PeerId, now) is not { } entry) return false;
        var addresses = record.Addresses.Select(address => BareOf(record.PeerId, address)).OfType<Multiaddr>().ToList();
        if (!entry.ReplaceSigned(record, addresses, envelope, Expiry(now, timeToLive), now)) return false;
        Announce(record.PeerId, addresses);
        return true;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Multiaddr> WatchAddressesAsync(PeerId peer, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        var watch = new AddressWatch(runtime.Scheduler);
        lock (_watching) _watches = _watches.SetItem(peer, _watches.GetValueOrDefault(peer, []).Add(watch));
        try
        {
            // What comes in between is offered twice, and told once.
            if (TryGet(peer, out var info))
            {
                foreach (var address in info.Addresses) watch.Offer(address);
            }

            while (true) yield return await watch.NextAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_watching)
            {
                var others = _watches[peer].Remove(watch);
                _watches = others.IsEmpty ? _watches.Remove(peer) : _watches.SetItem(peer, others);
            }
        }
    }

    private void Put(PeerId peer, IEnumerable<Multiaddr> addresses, TimeSpan timeToLive, Func<PeerEntry, Multiaddr, DateTimeOffset, DateTimeOffset, AddressChange> put)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(addresses);
        var now = Now;
        var expiry = Expiry(now, timeToLive);
        PeerEntry? entry = null;
        List<Multiaddr>? added = null;
        var changed = false;
        foreach (var address in addresses)
        {
            if (BareOf(peer, address) is not { } bare) continue;
            entry ??= Enter(peer, now);
            if (entry is null) break;
            var change = put(entry, bare, expiry, now);
            if (change == AddressChange.Refused)
            {
                // A sweep takes the entry too, where it is new and nothing is known yet.
                Sweep(now);
                entry = Enter(peer, now);
                if (entry is null) break;
                change = put(entry, bare, expiry, now);
            }

            changed |= change is AddressChange.New or AddressChange.Life;
            if (change == AddressChange.New) (added ??= []).Add(bare);
        }

        if (added is not null) Announce(peer, added);
        else if (changed) Changed(peer);
        else if (entry is not null) Retire(peer, entry, known => known.IsKnown(now));
    }

    private void Announce(PeerId peer, IReadOnlyList<Multiaddr> added)
    {
        Changed(peer);
        if (_watches.TryGetValue(peer, out var watches))
        {
            foreach (var watch in watches)
            {
                foreach (var address in added) watch.Offer(address);
            }
        }

        AddressesAdded?.Invoke(peer, added);
    }

    /// <summary>The address without a trailing <c>/p2p</c> of this peer; null where it names another, or nothing is left.</summary>
    private static Multiaddr? BareOf(PeerId peer, Multiaddr address) =>
        AddressRules.TrySplit(address, out var bare, out var named) && (named is null || named == peer) ? bare : null;

    private static DateTimeOffset Expiry(DateTimeOffset now, TimeSpan timeToLive) =>
        timeToLive > DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue : now + timeToLive;
}
