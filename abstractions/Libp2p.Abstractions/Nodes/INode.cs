using System.Collections.Immutable;
using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>A libp2p node: the entry point. Thread-safe.</summary>
public interface INode : IAsyncDisposable
{
    /// <summary>Who this node is.</summary>
    PeerId PeerId { get; }

    /// <summary>The addresses bound, wildcards expanded, without <c>/p2p</c>; empty before start.</summary>
    ImmutableArray<Multiaddr> ListenAddresses { get; }

    /// <summary>
    /// Addresses at which enough independent peers see this node, though it is not bound to them: in front of a NAT, for one. Without <c>/p2p</c>; identify tells them to peers.
    /// </summary>
    ImmutableArray<Multiaddr> ExternalAddresses { get; }

    /// <summary>The protocols served now.</summary>
    ImmutableArray<ProtocolId> Protocols { get; }

    /// <summary>A snapshot of the connections open now.</summary>
    IReadOnlyCollection<IConnection> Connections { get; }

    /// <summary>What is known of other peers.</summary>
    IPeerstore Peers { get; }

    /// <summary>What the node may use and uses, and whose connections it keeps when that runs short.</summary>
    IResourceGovernor Governor { get; }

    /// <summary>Binds the listen addresses and starts to accept.</summary>
    /// <exception cref="TransportException">None of the addresses could be bound, or one that was required.</exception>
    ValueTask StartAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops: unbind, drain, abort, dispose, in that order. Cancellation skips the drain.</summary>
    ValueTask StopAsync(CancellationToken cancellationToken = default);

    /// <summary>The connection to the peer at an address: an existing one, the one being dialed, or a new one.</summary>
    /// <param name="address">Where; a trailing <c>/p2p/ID</c> says who is expected.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Gives up; the dial goes on while others wait for it.</param>
    /// <exception cref="DialException">It failed; the report says what was tried.</exception>
    ValueTask<IConnection> ConnectAsync(Multiaddr address, ConnectOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The connection to a peer, by the addresses known of it.</summary>
    /// <inheritdoc cref="ConnectAsync(Multiaddr, ConnectOptions?, CancellationToken)"/>
    ValueTask<IConnection> ConnectAsync(PeerId peer, ConnectOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Opens a stream to a peer, connecting first where need be.</summary>
    /// <exception cref="DialException">No connection.</exception>
    /// <exception cref="UnsupportedProtocolException">The remote speaks none of the protocols.</exception>
    ValueTask<IStream> OpenStreamAsync(PeerId peer, IReadOnlyList<ProtocolId> protocols, OpenStreamOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Serves protocols until the result is disposed.</summary>
    /// <exception cref="InvalidOperationException">One of them is served already.</exception>
    IAsyncDisposable Handle(IProtocolHandler handler);

    /// <summary>Serves a protocol until the result is disposed.</summary>
    /// <exception cref="InvalidOperationException">It is served already.</exception>
    IAsyncDisposable Handle(ProtocolId protocol, Func<IStream, CancellationToken, ValueTask> handler);

    /// <summary>
    /// What happens in the node, in order, from now until cancelled. Each subscriber has a queue of its own (option <c>EventQueueCapacity</c>); when it is full events are dropped
    /// and counted in the next <see cref="EventsDropped"/>.
    /// </summary>
    IAsyncEnumerable<NodeEvent> Events(CancellationToken cancellationToken = default);

    /// <summary>A role exported by a plugin (<see cref="IIdentifyService"/>, <see cref="IPingService"/>, ...); null where none does.</summary>
    T? Find<T>() where T : class;

    /// <summary>Every role of that type, in the order in which they were exported; empty where there is none.</summary>
    IReadOnlyList<T> FindAll<T>() where T : class;
}

/// <summary>How to connect.</summary>
public sealed class ConnectOptions
{
    /// <summary>
    /// A new connection even if there is one already, or one being dialed. Where addresses are given, those alone are dialed; else those remembered. Default false.
    /// </summary>
    public bool ForceNew { get; init; }

    /// <summary>
    /// Only a connection that goes through no relay: relayed addresses are not dialed, and relayed connections not returned. Default false.
    /// </summary>
    public bool ForceDirect { get; init; }

    /// <summary>
    /// Whether a limited (relayed) connection that exists is as good as any. Default false: an unlimited one is dialed for first; where that fails, the limited one is returned all the same,
    /// unless <see cref="ForceDirect"/>.
    /// </summary>
    public bool AllowLimited { get; init; }

    /// <summary>
    /// More addresses to try. What is named here is tried even where it failed a moment ago; remembered addresses wait for their back-off.
    /// </summary>
    public ImmutableArray<Multiaddr> Addresses { get; init; } = [];

    /// <summary>The part to play in handshakes; of two peers that dial each other at once through the same ports one must listen (DCUtR). Default <see cref="ConnectionRole.Dialer"/>.</summary>
    public ConnectionRole Role { get; init; } = ConnectionRole.Dialer;

    /// <summary>Whether to leave from a listening port, where the transport can. Default <see cref="PortUse.Reuse"/>.</summary>
    public PortUse PortUse { get; init; } = PortUse.Reuse;
}
