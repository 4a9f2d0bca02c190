using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>What is known of a peer now; a snapshot.</summary>
public sealed record PeerInfo
{
    /// <summary>The peer.</summary>
    public required PeerId PeerId { get; init; }

    /// <summary>Its addresses that have not expired, without <c>/p2p</c>.</summary>
    public ImmutableArray<Multiaddr> Addresses { get; init; } = [];

    /// <summary>The protocols it is known to serve; empty: unknown.</summary>
    public ImmutableArray<ProtocolId> Protocols { get; init; } = [];

    /// <summary>The implementation that it named.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>The protocol version that it named.</summary>
    public string? ProtocolVersion { get; init; }

    /// <summary>Its public key, where known.</summary>
    public PublicKey? PublicKey { get; init; }
}

/// <summary>What a node knows of other peers. Bounded: a peer keeps the 64 addresses that live longest. Thread-safe.</summary>
public interface IPeerstore
{
    /// <summary>The peers of which anything is known; a snapshot.</summary>
    IReadOnlyCollection<PeerId> Peers { get; }

    /// <summary>What is known of a peer.</summary>
    bool TryGet(PeerId peer, [MaybeNullWhen(false)] out PeerInfo info);

    /// <summary>Adds addresses, or extends their life; never shortens it. A trailing <c>/p2p</c> of that peer is stripped; of another, the address is refused.</summary>
    void AddAddresses(PeerId peer, IEnumerable<Multiaddr> addresses, TimeSpan timeToLive);

    /// <summary>Replaces what was learnt from a signed record by a newer one; a record that is not newer is ignored and false returned.</summary>
    bool ConsumeRecord(PeerRecord record, TimeSpan timeToLive);

    /// <summary>Replaces the protocols and what identify told beside.</summary>
    void Update(IdentifyInfo info);

    /// <summary>Forgets a peer.</summary>
    void Remove(PeerId peer);
}
