using System.Collections.Immutable;
using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>What a peer says of itself (libp2p/specs, identify).</summary>
public sealed record IdentifyInfo
{
    /// <summary>Who said it.</summary>
    public required PeerId PeerId { get; init; }

    /// <summary>The protocol version, as <c>ipfs/0.1.0</c>; free text.</summary>
    public string? ProtocolVersion { get; init; }

    /// <summary>The implementation, as <c>name/version</c>; free text.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>The public key.</summary>
    public PublicKey? PublicKey { get; init; }

    /// <summary>Where it says it listens; from the signed record where there is a valid one.</summary>
    public ImmutableArray<Multiaddr> ListenAddresses { get; init; } = [];

    /// <summary>Our address as it sees it.</summary>
    public Multiaddr? ObservedAddress { get; init; }

    /// <summary>The protocols it serves.</summary>
    public ImmutableArray<ProtocolId> Protocols { get; init; } = [];

    /// <summary>The signed peer record, verified; null where none was sent.</summary>
    public PeerRecord? SignedRecord { get; init; }
}

/// <summary>Role: identify on the connections of this node.</summary>
public interface IIdentifyService
{
    /// <summary>What the peer of a connection says of itself; asked once a connection, later calls share the answer.</summary>
    ValueTask<IdentifyInfo> IdentifyAsync(IConnection connection, CancellationToken cancellationToken = default);

    /// <summary>Tells every connected peer that speaks identify-push what this node is now.</summary>
    ValueTask PushAsync(CancellationToken cancellationToken = default);
}

/// <summary>Role: ping.</summary>
public interface IPingService
{
    /// <summary>Opens one ping stream on the connection and measures round trips until the enumeration ends. 32 random bytes each way.</summary>
    IAsyncEnumerable<TimeSpan> PingAsync(IConnection connection, CancellationToken cancellationToken = default);
}
