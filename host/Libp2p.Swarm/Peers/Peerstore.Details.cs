namespace Libp2p.Swarm.Peers;

/// <content>Keys, protocols, metadata, latency.</content>
internal sealed partial class Peerstore
{
    /// <inheritdoc/>
    public void Update(IdentifyInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        var now = Now;
        if (Enter(info.PeerId, now) is not { } entry) return;
        if (!entry.Update(info, now) && entry.IsConnected)
        {
            // Of those that are connected more is worth knowing than of the others.
            GiveWay();
            entry.Update(info, now);
        }

        Changed(info.PeerId);
    }

    /// <inheritdoc/>
    public void AddKey(PeerId peer, PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(key);
        if (!peer.Matches(key)) throw new RecordException($"The key is that of {key.PeerId}, not of {peer}.");
        var now = Now;
        if (Enter(peer, now) is not { } entry) return;
        entry.SetKey(key, now);
        Changed(peer);
    }

    /// <inheritdoc/>
    public void SetProtocols(PeerId peer, IEnumerable<ProtocolId> protocols) => Change(peer, protocols, static (entry, protocols, now) => entry.SetProtocols(protocols, now));

    /// <inheritdoc/>
    public void AddProtocols(PeerId peer, IEnumerable<ProtocolId> protocols) => Change(peer, protocols, static (entry, protocols, now) => entry.AddProtocols(protocols, now));

    /// <inheritdoc/>
    public void RemoveProtocols(PeerId peer, IEnumerable<ProtocolId> protocols)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(protocols);
        if (_entries.TryGetValue(peer, out var entry) && entry.RemoveProtocols(protocols.ToHashSet())) Changed(peer);
    }

    /// <inheritdoc/>
    public ProtocolId? FirstProtocol(PeerId peer, IReadOnlyList<ProtocolId> preferred)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(preferred);
        if (!_entries.TryGetValue(peer, out var entry)) return null;
        var known = entry.Protocols;
        for (var i = 0; i < preferred.Count; i++)
        {
            if (known.Contains(preferred[i])) return preferred[i];
        }

        return null;
    }

    /// <inheritdoc/>
    public bool TrySetMetadata(PeerId peer, string name, ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var now = Now;
        if (Enter(peer, now)?.SetMetadata(name, value, now) != true) return false;
        Changed(peer);
        return true;
    }

    /// <inheritdoc/>
    public void RemoveMetadata(PeerId peer, string name)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_entries.TryGetValue(peer, out var entry) && entry.RemoveMetadata(name)) Changed(peer);
    }

    /// <inheritdoc/>
    public bool TryGetMetadata(PeerId peer, string name, out ReadOnlyMemory<byte> value)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentException.ThrowIfNullOrEmpty(name);
        value = default;
        return _entries.TryGetValue(peer, out var entry) && entry.TryGetMetadata(name, out value);
    }

    /// <inheritdoc/>
    public void RecordLatency(PeerId peer, TimeSpan roundTrip)
    {
        ArgumentNullException.ThrowIfNull(peer);

        // It goes along with the next change: a ping a second is no reason to write every second.
        if (roundTrip >= TimeSpan.Zero && _entries.TryGetValue(peer, out var entry)) entry.RecordLatency(roundTrip);
    }

    /// <summary>Whether the peer is known to speak a protocol; allocates nothing.</summary>
    public bool Speaks(PeerId peer, ProtocolId protocol) => _entries.TryGetValue(peer, out var entry) && entry.Protocols.Contains(protocol);

    /// <summary>The peer has just refused a protocol that it was known to speak.</summary>
    public void Unlearn(PeerId peer, ProtocolId protocol)
    {
        if (Speaks(peer, protocol)) RemoveProtocols(peer, [protocol]);
    }

    private void Change(PeerId peer, IEnumerable<ProtocolId> protocols, Func<PeerEntry, IEnumerable<ProtocolId>, DateTimeOffset, bool> change)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(protocols);
        var now = Now;
        if (Enter(peer, now) is not { } entry) return;
        change(entry, protocols, now);
        Changed(peer);
    }
}
