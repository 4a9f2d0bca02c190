using System.Collections.Immutable;
using Libp2p.Multiformats;
using Message = Libp2p.Protocols.Identify.Wire.Identify;

namespace Libp2p.Protocols.Identify;

/// <summary>
/// What this node says of itself. The signed record is made anew only when the addresses have changed, under a higher sequence number: nanoseconds since 1970, so that it also
/// rises over restarts. Thread-safe.
/// </summary>
internal sealed class IdentifySelf(INode node, NodeIdentity identity, TimeProvider time, IdentifyOptions options)
{
    private readonly Lock _gate = new();
    private ImmutableArray<Multiaddr> _addresses; // with the two below: guard _gate
    private ReadOnlyMemory<byte>? _record;
    private ulong _sequence;

    /// <summary>The message for a remote, in the parts in which it is sent.</summary>
    /// <param name="observed">Where this node sees the remote.</param>
    public List<Message> Describe(Multiaddr observed)
    {
        ImmutableArray<Multiaddr> addresses = [.. node.ListenAddresses.Union(node.ExternalAddresses)];
        var parts = new PartPacker();
        parts.Add(part => part.ProtocolVersion = options.ProtocolVersion);
        parts.Add(part => part.AgentVersion = options.AgentVersion);
        parts.Add(part => part.PublicKey = identity.PublicKey.Protobuf);
        parts.Add(part => part.ObservedAddr = observed.Bytes);
        if (SignedRecord(addresses) is { } record)
        {
            parts.Add(part => part.SignedPeerRecord = record);
        }

        foreach (var protocol in node.Protocols.Take(IdentifyLimits.Protocols))
        {
            parts.Add(part => part.Protocols.Add(protocol.Value));
        }

        foreach (var address in addresses.Take(IdentifyLimits.Addresses))
        {
            parts.Add(part => part.ListenAddrs.Add(address.Bytes));
        }

        return parts.Parts;
    }

    /// <summary>The signed record; null while there is no address to sign.</summary>
    private ReadOnlyMemory<byte>? SignedRecord(ImmutableArray<Multiaddr> addresses)
    {
        lock (_gate)
        {
            if (!_addresses.IsDefault && _addresses.AsSpan().SequenceEqual(addresses.AsSpan()))
            {
                return _record;
            }

            _addresses = addresses;
            _record = addresses.IsEmpty ? default(ReadOnlyMemory<byte>?) : Sign(addresses);
            return _record;
        }
    }

    private ReadOnlyMemory<byte> Sign(ImmutableArray<Multiaddr> addresses)
    {
        _sequence = Math.Max(_sequence + 1, (ulong)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);
        var kept = ImmutableArray.CreateBuilder<Multiaddr>();
        var room = IdentifyLimits.RecordSent;
        foreach (var address in addresses.Take(PeerRecord.MaxAddresses))
        {
            // Two tags and lengths around each.
            room -= address.Bytes.Length + 8;
            if (room < 0)
            {
                break;
            }

            kept.Add(address);
        }

        return new PeerRecord(identity.PeerId, _sequence, kept.DrainToImmutable()).Seal(identity.Key).Encoded;
    }

    /// <summary>Puts fields into parts that each stay within <see cref="IdentifyLimits.PartSent"/>; what would need too many parts is left out.</summary>
    private sealed class PartPacker
    {
        public List<Message> Parts { get; } = [new()];

        public void Add(Action<Message> set)
        {
            var alone = new Message();
            set(alone);
            var size = alone.GetSize();
            if (Parts[^1].GetSize() + size > IdentifyLimits.PartSent)
            {
                if (Parts.Count == IdentifyLimits.PartsRead)
                {
                    return;
                }

                Parts.Add(new Message());
            }

            set(Parts[^1]);
        }
    }
}
