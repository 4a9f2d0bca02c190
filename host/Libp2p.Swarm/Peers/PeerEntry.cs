using System.Collections.Immutable;
using Libp2p.Multiformats;

namespace Libp2p.Swarm.Peers;

/// <summary>What is known of one peer. Thread-safe.</summary>
/// <param name="number">How many were known before it.</param>
/// <param name="options">Bounds of one peer.</param>
/// <param name="budget">Bounds of all.</param>
internal sealed partial class PeerEntry(long number, PeerstoreOptions options, PeerBudget budget)
{
    private readonly Lock _gate = new();
    private int _connections; // guarded by _gate
    private bool _retired; // guarded by _gate: it is not in the peerstore any more, and takes nothing
    private DateTimeOffset _changed; // guarded by _gate

    /// <summary>Peers are listed by it.</summary>
    public long Number => number;

    /// <summary>Whether there is a connection to it.</summary>
    public bool IsConnected
    {
        get
        {
            lock (_gate) return _connections > 0;
        }
    }

    public bool IsKnown(DateTimeOffset now)
    {
        lock (_gate) return HasDetails || HasLive(now);
    }

    /// <summary>Whether nobody misses it: no connection, and no address that lives.</summary>
    public bool IsExpired(DateTimeOffset now)
    {
        lock (_gate) return _connections == 0 && !HasLive(now);
    }

    public ImmutableArray<Multiaddr> AddressesAt(DateTimeOffset now)
    {
        lock (_gate) return [.. _addresses.Where(known => known.Expiry > now).Select(static known => known.Address)];
    }

    public PeerInfo Snapshot(PeerId peer, DateTimeOffset now)
    {
        lock (_gate)
        {
            var details = ImmutableArray.CreateBuilder<PeerAddress>(_addresses.Count);
            foreach (var known in _addresses)
            {
                if (known.Expiry > now) details.Add(new PeerAddress(known.Address, known.Expiry, known.Signed));
            }

            return new PeerInfo
            {
                PeerId = peer,
                Addresses = ImmutableArray.CreateRange<PeerAddress, Multiaddr>(details.ToImmutable(), static known => known.Address),
                AddressDetails = details.ToImmutable(),
                Protocols = [.. _protocols],
                AgentVersion = _agent,
                ProtocolVersion = _protocolVersion,
                PublicKey = _key ?? (peer.TryGetPublicKey(out var inlined) ? inlined : null),
                SignedRecord = _envelope,
                Latency = _latency,
                IsConnected = _connections > 0,
            };
        }
    }

    /// <summary>A connection came.</summary>
    public bool Connect()
    {
        lock (_gate)
        {
            if (_retired) return false;
            if (_connections++ == 0) budget.MoveAddresses(-_addresses.Count);
            return true;
        }
    }

    /// <summary>A connection went.</summary>
    public void Disconnect()
    {
        lock (_gate)
        {
            if (_retired || _connections == 0) return;
            if (--_connections == 0) budget.MoveAddresses(_addresses.Count);
        }
    }

    /// <summary>Forgets everything but its connections.</summary>
    public void Clear()
    {
        lock (_gate) ClearLocked();
    }

    /// <summary>Forgets everything, and takes nothing more; false where there is a connection, or nothing was to be retired but one that is unknown.</summary>
    /// <param name="unless">What keeps it: called under its lock.</param>
    public bool TryRetire(Func<PeerEntry, bool>? unless = null)
    {
        lock (_gate)
        {
            if (_retired || _connections > 0 || (unless is not null && unless(this))) return false;
            ClearLocked();
            return _retired = true;
        }
    }

    private void ClearLocked()
    {
        if (_connections == 0) budget.MoveAddresses(-_addresses.Count);
        _addresses.Clear();
        ClearDetails();
    }
}
