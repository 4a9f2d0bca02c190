using System.Collections.Immutable;
using Libp2p.Multiformats;

namespace Libp2p.Swarm.Peers;

/// <summary>What is known of one peer. Thread-safe.</summary>
/// <param name="number">How many were known before it.</param>
internal sealed class PeerEntry(long number)
{
    private readonly Lock _gate = new();
    private readonly List<Known> _addresses = []; // guarded by _gate
    private ulong? _sequence; // guarded by _gate
    private IdentifyInfo? _identify; // guarded by _gate
    private volatile HashSet<ProtocolId> _protocols = []; // replaced, never changed

    /// <summary>Peers are listed by it.</summary>
    public long Number => number;

    /// <summary>The protocols that it is known to serve.</summary>
    public HashSet<ProtocolId> Protocols => _protocols;

    public bool IsKnown(DateTimeOffset now)
    {
        lock (_gate) return _identify is not null || _addresses.Exists(known => known.Expiry > now);
    }

    public bool HasLiveAddress(DateTimeOffset now)
    {
        lock (_gate) return _addresses.Exists(known => known.Expiry > now);
    }

    public ImmutableArray<Multiaddr> AddressesAt(DateTimeOffset now)
    {
        lock (_gate) return [.. _addresses.Where(known => known.Expiry > now).Select(static known => known.Address)];
    }

    public PeerInfo Snapshot(PeerId peer, DateTimeOffset now)
    {
        lock (_gate)
        {
            return new PeerInfo
            {
                PeerId = peer,
                Addresses = [.. _addresses.Where(known => known.Expiry > now).Select(static known => known.Address)],
                Protocols = [.. _protocols],
                AgentVersion = _identify?.AgentVersion,
                ProtocolVersion = _identify?.ProtocolVersion,
                PublicKey = _identify?.PublicKey ?? (peer.TryGetPublicKey(out var inlined) ? inlined : null),
            };
        }
    }

    /// <summary>Adds an address, or lets it live longer; true where it is new.</summary>
    public bool AddAddress(Multiaddr address, DateTimeOffset expiry, bool signed, int limit, DateTimeOffset now)
    {
        lock (_gate) return AddLocked(address, expiry, signed, limit, now);
    }

    public bool ReplaceSigned(ulong sequence, List<Multiaddr> addresses, DateTimeOffset expiry, int limit, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_sequence is { } last && sequence <= last) return false;
            _sequence = sequence;
            _addresses.RemoveAll(static known => known.Signed);
            foreach (var address in addresses)
            {
                AddLocked(address, expiry, signed: true, limit, now);
            }

            return true;
        }
    }

    public void Update(IdentifyInfo info)
    {
        lock (_gate)
        {
            _identify = info;
            _protocols = info.Protocols.ToHashSet();
        }
    }

    public void Unlearn(ProtocolId protocol)
    {
        lock (_gate)
        {
            if (_protocols.Contains(protocol)) _protocols = _protocols.Where(known => known != protocol).ToHashSet();
        }
    }

    private bool AddLocked(Multiaddr address, DateTimeOffset expiry, bool signed, int limit, DateTimeOffset now)
    {
        var index = _addresses.FindIndex(known => known.Address == address);
        if (index >= 0)
        {
            var known = _addresses[index];
            _addresses[index] = new Known(address, expiry > known.Expiry ? expiry : known.Expiry, known.Signed || signed);
            return known.Expiry <= now;
        }

        if (_addresses.Count >= limit)
        {
            _addresses.RemoveAll(known => known.Expiry <= now);
        }

        if (_addresses.Count >= limit)
        {
            // Full of live ones: the one that dies first gives way, unless the newcomer dies before it.
            var first = 0;
            for (var i = 1; i < _addresses.Count; i++)
            {
                if (_addresses[i].Expiry < _addresses[first].Expiry) first = i;
            }

            if (_addresses[first].Expiry >= expiry) return false;
            _addresses.RemoveAt(first);
        }

        _addresses.Add(new Known(address, expiry, signed));
        return true;
    }

    private readonly record struct Known(Multiaddr Address, DateTimeOffset Expiry, bool Signed);
}
