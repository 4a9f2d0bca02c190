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

    /// <summary>The same addresses as <see cref="Addresses"/>, with how long each lives and who says so.</summary>
    public ImmutableArray<PeerAddress> AddressDetails { get; init; } = [];

    /// <summary>The newest record that it signed itself, for those who pass it on; null: none is known, or it was not kept.</summary>
    public SignedEnvelope? SignedRecord { get; init; }

    /// <summary>How long a round trip takes, smoothed over those measured; null: none was.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Whether there is a connection to it.</summary>
    public bool IsConnected { get; init; }
}

/// <summary>An address of a peer.</summary>
/// <param name="Address">The address, without <c>/p2p</c>.</param>
/// <param name="ExpiresAt">When it is forgotten.</param>
/// <param name="IsCertified">Whether the peer signed that it is there.</param>
public readonly record struct PeerAddress(Multiaddr Address, DateTimeOffset ExpiresAt, bool IsCertified);

/// <summary>
/// What a node knows of other peers. Bounded (<c>Libp2p:Swarm:Peers</c>): of a peer those addresses are kept that live longest; peers and addresses beyond all bounds are ignored, those of connected peers
/// never. Thread-safe; no call waits for anything but <see cref="FlushAsync"/>.
/// </summary>
/// <remarks>
/// Where the node has a persistent <see cref="IDatastore"/>, what is known goes there within seconds, and comes back with the next start. A change is acknowledged by a <see cref="FlushAsync"/> that began after it
/// and has completed: from then on it survives the end of process and machine. What came later may be lost with the process, and nothing else.
/// </remarks>
public interface IPeerstore
{
    /// <summary>The peers of which anything is known, the longest known first; a snapshot.</summary>
    IReadOnlyCollection<PeerId> Peers { get; }

    /// <summary>What is known of a peer.</summary>
    bool TryGet(PeerId peer, [MaybeNullWhen(false)] out PeerInfo info);

    /// <summary>
    /// Adds addresses, or extends their life; never shortens it. A trailing <c>/p2p</c> of that peer is stripped; of another, the address is refused. A life of zero or less adds nothing.
    /// </summary>
    void AddAddresses(PeerId peer, IEnumerable<Multiaddr> addresses, TimeSpan timeToLive);

    /// <summary>Adds addresses, or sets their life, be it shorter than before; zero or less forgets them. <c>/p2p</c> is treated as by <see cref="AddAddresses"/>.</summary>
    void SetAddresses(PeerId peer, IEnumerable<Multiaddr> addresses, TimeSpan timeToLive);

    /// <summary>Forgets the addresses of a peer, and nothing else of it.</summary>
    void ClearAddresses(PeerId peer);

    /// <summary>The addresses known of a peer, then those that become known, each once, until cancelled.</summary>
    IAsyncEnumerable<Multiaddr> WatchAddressesAsync(PeerId peer, CancellationToken cancellationToken = default);

    /// <summary>Replaces what was learnt from a signed record by a newer one; a record that is not newer is ignored and false returned.</summary>
    /// <param name="record">What <see cref="PeerRecord.Open(ReadOnlySpan{byte}, out SignedEnvelope)"/> returned, or less of it.</param>
    /// <param name="timeToLive">How long its addresses live; zero or less: it is ignored.</param>
    /// <param name="envelope">As it was signed, to be kept for those who pass it on; null: it is not at hand.</param>
    /// <exception cref="RecordException">Somebody else signed it.</exception>
    bool ConsumeRecord(PeerRecord record, TimeSpan timeToLive, SignedEnvelope? envelope = null);

    /// <summary>Replaces the protocols and what identify told beside.</summary>
    void Update(IdentifyInfo info);

    /// <summary>Keeps the public key of a peer whose id does not hold it.</summary>
    /// <exception cref="RecordException">It is the key of another peer.</exception>
    void AddKey(PeerId peer, PublicKey key);

    /// <summary>Replaces the protocols that a peer is known to serve.</summary>
    void SetProtocols(PeerId peer, IEnumerable<ProtocolId> protocols);

    /// <summary>Adds protocols to those that a peer is known to serve.</summary>
    void AddProtocols(PeerId peer, IEnumerable<ProtocolId> protocols);

    /// <summary>Takes protocols out of those that a peer is known to serve.</summary>
    void RemoveProtocols(PeerId peer, IEnumerable<ProtocolId> protocols);

    /// <summary>The first of some protocols that a peer is known to serve; null: none of them, or nothing is known.</summary>
    ProtocolId? FirstProtocol(PeerId peer, IReadOnlyList<ProtocolId> preferred);

    /// <summary>Keeps something of the application's with a peer, under a name, in place of what is there.</summary>
    /// <returns>False: the bounds do not allow it, and nothing was changed.</returns>
    bool TrySetMetadata(PeerId peer, string name, ReadOnlySpan<byte> value);

    /// <summary>Forgets what was kept under a name.</summary>
    void RemoveMetadata(PeerId peer, string name);

    /// <summary>What was kept under a name.</summary>
    bool TryGetMetadata(PeerId peer, string name, out ReadOnlyMemory<byte> value);

    /// <summary>A round trip was measured: it moves <see cref="PeerInfo.Latency"/> by a tenth of the difference. Of a peer that is not known it is ignored.</summary>
    void RecordLatency(PeerId peer, TimeSpan roundTrip);

    /// <summary>Forgets a peer: addresses, keys, protocols, metadata.</summary>
    void Remove(PeerId peer);

    /// <summary>Completes once all that was changed before is in the datastore and on its medium; at once where there is none that is persistent.</summary>
    /// <exception cref="DatastoreException">It is not: the disk is full, for one. It is tried again, here and in the background.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);
}
