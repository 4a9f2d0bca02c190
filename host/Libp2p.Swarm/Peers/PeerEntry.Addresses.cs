using Libp2p.Multiformats;

namespace Libp2p.Swarm.Peers;

/// <content>Addresses, and how long each lives.</content>
internal sealed partial class PeerEntry
{
    private readonly List<Known> _addresses = []; // guarded by _gate

    /// <summary>Adds an address, or lets it live longer.</summary>
    public AddressChange AddAddress(Multiaddr address, DateTimeOffset expiry, DateTimeOffset now)
    {
        lock (_gate) return Put(address, expiry, signed: false, exactly: false, now);
    }

    /// <summary>Adds an address, or lets it live so long, be it shorter than before.</summary>
    public AddressChange SetAddress(Multiaddr address, DateTimeOffset expiry, DateTimeOffset now)
    {
        lock (_gate) return Put(address, expiry, signed: false, exactly: true, now);
    }

    public bool RemoveAddress(Multiaddr address)
    {
        lock (_gate) return RemoveWhere(known => known.Address == address) > 0;
    }

    public bool ClearAddresses()
    {
        lock (_gate) return RemoveWhere(static _ => true) > 0;
    }

    /// <summary>Forgets addresses that have expired.</summary>
    public void Expire(DateTimeOffset now)
    {
        lock (_gate) RemoveWhere(known => known.Expiry <= now);
    }

    /// <summary>Replaces the addresses of the last signed record by those of a newer one.</summary>
    /// <param name="record">The newer one.</param>
    /// <param name="addresses">Those of its addresses that can be kept.</param>
    /// <param name="envelope">As it was signed; null: it is not at hand.</param>
    /// <param name="expiry">When they expire.</param>
    /// <param name="now">Now.</param>
    /// <returns>False where it is not newer.</returns>
    public bool ReplaceSigned(PeerRecord record, IReadOnlyList<Multiaddr> addresses, SignedEnvelope? envelope, DateTimeOffset expiry, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_retired || (_sequence is { } last && record.Sequence <= last)) return false;
            _sequence = record.Sequence;
            TrySetEnvelope(envelope);
            RemoveWhere(static known => known.Signed);
            foreach (var address in addresses) Put(address, expiry, signed: true, exactly: false, now);
            _changed = now;
            return true;
        }
    }

    private bool HasLive(DateTimeOffset now)
    {
        foreach (var known in _addresses)
        {
            if (known.Expiry > now) return true;
        }

        return false;
    }

    private AddressChange Put(Multiaddr address, DateTimeOffset expiry, bool signed, bool exactly, DateTimeOffset now)
    {
        if (_retired) return AddressChange.Refused;
        var index = _addresses.FindIndex(known => known.Address == address);
        if (index >= 0)
        {
            var known = _addresses[index];
            var next = new Known(address, exactly || expiry > known.Expiry ? expiry : known.Expiry, known.Signed || signed);
            if (next == known) return AddressChange.None;
            _addresses[index] = next;
            _changed = now;
            return known.Expiry <= now ? AddressChange.New : AddressChange.Life;
        }

        if (_addresses.Count >= options.MaxAddressesPerPeer) RemoveWhere(known => known.Expiry <= now);
        if (_addresses.Count >= options.MaxAddressesPerPeer)
        {
            // Full of live ones: the one that dies first gives way, unless the newcomer dies before it.
            var first = 0;
            for (var i = 1; i < _addresses.Count; i++)
            {
                if (_addresses[i].Expiry < _addresses[first].Expiry) first = i;
            }

            if (_addresses[first].Expiry >= expiry) return AddressChange.None;
            var loser = _addresses[first].Address;
            RemoveWhere(known => known.Address == loser);
        }

        if (_connections == 0 && !budget.TryTakeAddress()) return AddressChange.Refused;
        _addresses.Add(new Known(address, expiry, signed));
        _changed = now;
        return AddressChange.New;
    }

    private int RemoveWhere(Predicate<Known> match)
    {
        var removed = _addresses.RemoveAll(match);
        if (_connections == 0 && removed > 0) budget.MoveAddresses(-removed);
        return removed;
    }

    private readonly record struct Known(Multiaddr Address, DateTimeOffset Expiry, bool Signed);
}

/// <summary>What became of an address that was added.</summary>
internal enum AddressChange
{
    /// <summary>Nothing: it is known, or others are worth more.</summary>
    None,

    /// <summary>It is known, and lives for another time.</summary>
    Life,

    /// <summary>It was not known, or had expired.</summary>
    New,

    /// <summary>All peers together have as many as they may, or the peer was just forgotten.</summary>
    Refused,
}
