namespace Libp2p.Swarm.Peers;

/// <content>What is no address: each within the peer's bounds and what all may take together.</content>
internal sealed partial class PeerEntry
{
    // Objects and nodes beside the bytes.
    private const int Overhead = 64;

    // A tenth of a new round trip counts, as in go-libp2p.
    private const double Smoothing = 0.1;

    private volatile HashSet<ProtocolId> _protocols = []; // replaced, never changed
    private Dictionary<string, byte[]>? _metadata; // guarded by _gate
    private string? _agent; // guarded by _gate
    private string? _protocolVersion; // guarded by _gate
    private PublicKey? _key; // guarded by _gate
    private ulong? _sequence; // guarded by _gate
    private SignedEnvelope? _envelope; // guarded by _gate
    private TimeSpan? _latency; // guarded by _gate
    private bool _identified; // guarded by _gate
    private long _protocolBytes; // guarded by _gate
    private long _metadataBytes; // guarded by _gate
    private long _nameBytes; // guarded by _gate

    /// <summary>The protocols that it is known to serve.</summary>
    public HashSet<ProtocolId> Protocols => _protocols;

    private bool HasDetails => _identified || _key is not null || _protocols.Count > 0 || _metadata is { Count: > 0 };

    /// <summary>Takes in what it told of itself; false where all details together would be too much, and some were not kept.</summary>
    public bool Update(IdentifyInfo info, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_retired) return true;
            _identified = true;
            _changed = now;
            if (info.PublicKey is { } key && info.PeerId.Matches(key)) _key = key;
            return TrySetNames(info.AgentVersion, info.ProtocolVersion) & TrySetProtocols(info.Protocols);
        }
    }

    public bool SetProtocols(IEnumerable<ProtocolId> protocols, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_retired) return true;
            _changed = now;
            return TrySetProtocols(protocols);
        }
    }

    public bool AddProtocols(IEnumerable<ProtocolId> protocols, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_retired) return true;
            _changed = now;
            return TrySetProtocols(_protocols.Concat(protocols));
        }
    }

    /// <summary>False where none of them was known.</summary>
    public bool RemoveProtocols(IReadOnlyCollection<ProtocolId> protocols)
    {
        lock (_gate)
        {
            var left = _protocols.Where(known => !protocols.Contains(known)).ToHashSet();
            return left.Count < _protocols.Count && TrySetProtocols(left);
        }
    }

    public void SetKey(PublicKey key, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_retired) return;
            _key = key;
            _changed = now;
        }
    }

    /// <summary>False: it would be too much, and is as it was.</summary>
    public bool SetMetadata(string name, ReadOnlySpan<byte> value, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_retired) return false;
            var before = _metadata is not null && _metadata.TryGetValue(name, out var old) ? PriceOf(name, old.Length) : 0;
            var more = PriceOf(name, value.Length) - before;
            if (_metadataBytes + more > options.MaxMetadataPerPeer || !budget.TryTakeDetails(more)) return false;
            _metadataBytes += more;
            (_metadata ??= [])[name] = value.ToArray();
            _changed = now;
            return true;
        }
    }

    public bool RemoveMetadata(string name)
    {
        lock (_gate)
        {
            if (_metadata is null || !_metadata.Remove(name, out var old)) return false;
            _metadataBytes -= PriceOf(name, old.Length);
            budget.TryTakeDetails(-PriceOf(name, old.Length));
            return true;
        }
    }

    public bool TryGetMetadata(string name, out ReadOnlyMemory<byte> value)
    {
        lock (_gate)
        {
            byte[]? found = null;
            var has = _metadata?.TryGetValue(name, out found) == true;
            value = found;
            return has;
        }
    }

    public void RecordLatency(TimeSpan roundTrip)
    {
        lock (_gate)
        {
            if (!_retired) _latency = _latency is { } known ? known + ((roundTrip - known) * Smoothing) : roundTrip;
        }
    }

    private bool TrySetProtocols(IEnumerable<ProtocolId> protocols)
    {
        var set = new HashSet<ProtocolId>();
        var bytes = 0L;
        foreach (var protocol in protocols)
        {
            if (set.Count == options.MaxProtocolsPerPeer) break;
            if (set.Add(protocol)) bytes += PriceOf(protocol.Value, 0);
        }

        if (!budget.TryTakeDetails(bytes - _protocolBytes)) return false;
        _protocolBytes = bytes;
        _protocols = set;
        return true;
    }

    private bool TrySetNames(string? agent, string? protocolVersion)
    {
        var bytes = (agent is null ? 0 : PriceOf(agent, 0)) + (protocolVersion is null ? 0 : PriceOf(protocolVersion, 0));
        if (!budget.TryTakeDetails(bytes - _nameBytes)) return false;
        (_nameBytes, _agent, _protocolVersion) = (bytes, agent, protocolVersion);
        return true;
    }

    /// <summary>An envelope that there is no room for is not kept; what it told is.</summary>
    private void TrySetEnvelope(SignedEnvelope? envelope)
    {
        budget.TryTakeDetails(-(_envelope?.Encoded.Length ?? 0));
        _envelope = envelope is not null && budget.TryTakeDetails(envelope.Encoded.Length) ? envelope : null;
    }

    private void ClearDetails()
    {
        budget.TryTakeDetails(-(_protocolBytes + _metadataBytes + _nameBytes + (_envelope?.Encoded.Length ?? 0)));
        (_protocolBytes, _metadataBytes, _nameBytes) = (0, 0, 0);
        (_protocols, _metadata, _agent, _protocolVersion, _key, _envelope, _sequence, _latency, _identified) = ([], null, null, null, null, null, null, null, false);
    }

    private static int PriceOf(string name, int length) => Overhead + name.Length + length;
}
