using Libp2p.Multiformats;
using Libp2p.Swarm.Wire;
using Libp2p.Wire;

namespace Libp2p.Swarm.Peers;

/// <content>As the datastore has it.</content>
internal sealed partial class PeerEntry
{
    // An hour: what takes longer is no round trip.
    private const ulong MostMicroseconds = 3_600_000_000;

    /// <summary>What is to be kept; null: nothing.</summary>
    public byte[]? ToStored(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_retired || (!HasDetails && _sequence is null && !HasLive(now))) return null;
            var stored = new StoredPeer
            {
                Sequence = _sequence,
                Envelope = _envelope?.Encoded,
                AgentVersion = _agent,
                ProtocolVersion = _protocolVersion,
                PublicKey = _key?.Protobuf,
                Latency = _latency is { } latency ? (ulong)latency.TotalMicroseconds : null,
                Changed = (ulong)_changed.UtcTicks,
            };
            foreach (var known in _addresses)
            {
                if (known.Expiry > now) stored.Addresses.Add(new() { Multiaddr = known.Address.Bytes, Expires = (ulong)known.Expiry.UtcTicks, Certified = known.Signed ? true : null });
            }

            foreach (var protocol in _protocols) stored.Protocols.Add(protocol.Value);
            if (_metadata is not null)
            {
                foreach (var (name, value) in _metadata) stored.Metadata.Add(new() { Name = name, Value = value });
            }

            return stored.ToArray();
        }
    }

    /// <summary>Takes in what the datastore had of a peer, beside what has been learnt meanwhile.</summary>
    /// <returns>False where it cannot be read, or is older than it is to be remembered: it is to be deleted.</returns>
    public bool TryRestore(PeerId peer, ReadOnlySpan<byte> bytes, DateTimeOffset now)
    {
        if (!StoredPeer.TryParse(bytes, out var stored, out _)) return false;
        lock (_gate)
        {
            var changed = Moment(stored.Changed ?? 0);
            foreach (var address in stored.Addresses)
            {
                var expiry = Moment(address.Expires);
                if (expiry > now && Multiaddr.TryDecode(address.Multiaddr.Span, out var known, out _)) Put(known, expiry, address.Certified ?? false, exactly: false, changed);
            }

            if (!HasLive(now) && now - changed > options.Retention) return false;
            _sequence ??= stored.Sequence;
            _latency ??= stored.Latency is { } latency ? TimeSpan.FromMicroseconds(Math.Min(latency, MostMicroseconds)) : null;
            if (_envelope is null && stored.Envelope is { } envelope && _sequence == stored.Sequence) TrySetEnvelope(OpenEnvelope(peer, envelope.Span));
            if (_key is null && stored.PublicKey is { } encoded && PublicKey.TryFromProtobuf(encoded.Span, out var key) && peer.Matches(key)) _key = key;
            if (!_identified) RestoreTold(stored);
            foreach (var item in stored.Metadata) RestoreMetadata(item);
            if (changed > _changed) _changed = changed;
            return true;
        }
    }

    private void RestoreTold(StoredPeer stored)
    {
        _identified = stored.AgentVersion is not null || stored.ProtocolVersion is not null;
        TrySetNames(stored.AgentVersion, stored.ProtocolVersion);
        TrySetProtocols(_protocols.Concat(stored.Protocols.Where(IsProtocol).Select(static text => new ProtocolId(text))));
    }

    private void RestoreMetadata(StoredPeer.Item item)
    {
        if (_metadata?.ContainsKey(item.Name) == true || _metadataBytes + PriceOf(item.Name, item.Value.Length) > options.MaxMetadataPerPeer) return;
        if (!budget.TryTakeDetails(PriceOf(item.Name, item.Value.Length))) return;
        _metadataBytes += PriceOf(item.Name, item.Value.Length);
        (_metadata ??= [])[item.Name] = item.Value.ToArray();
    }

    // What the file says is not taken on trust: it may be of another version, or damaged.
    private static SignedEnvelope? OpenEnvelope(PeerId peer, ReadOnlySpan<byte> envelope)
    {
        try
        {
            return PeerRecord.Open(envelope, out var opened).PeerId == peer ? opened : null;
        }
        catch (RecordException)
        {
            return null;
        }
    }

    private static bool IsProtocol(string text) => text.StartsWith('/') && !text.Contains('\n') && System.Text.Encoding.UTF8.GetByteCount(text) <= ProtocolId.MaxLength;

    private static DateTimeOffset Moment(ulong ticks) => ticks > (ulong)DateTimeOffset.MaxValue.UtcTicks ? DateTimeOffset.MaxValue : new DateTimeOffset((long)ticks, TimeSpan.Zero);
}
