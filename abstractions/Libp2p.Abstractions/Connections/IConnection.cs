using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>A connection to a peer as users see it: it opens and counts streams that speak a protocol. Made by the swarm alone. Thread-safe.</summary>
public interface IConnection : IAsyncDisposable
{
    /// <summary>A number unique in this node, for logs.</summary>
    long Id { get; }

    /// <summary>Who is at the other end.</summary>
    PeerId RemotePeer { get; }

    /// <summary>Its public key.</summary>
    PublicKey RemoteKey { get; }

    /// <summary>This end's address.</summary>
    Multiaddr Local { get; }

    /// <summary>The other end's address, without <c>/p2p</c>.</summary>
    Multiaddr Remote { get; }

    /// <summary>Who opened it.</summary>
    ConnectionDirection Direction { get; }

    /// <summary>The security channel; null for transports that secure by themselves.</summary>
    ProtocolId? Security { get; }

    /// <summary>The muxer; null for transports that mux by themselves.</summary>
    ProtocolId? Muxer { get; }

    /// <summary>When it was ready.</summary>
    DateTimeOffset OpenedAt { get; }

    /// <summary>The limits of a relayed connection; null: none.</summary>
    ConnectionLimits? Limits { get; }

    /// <summary>A snapshot of the streams open now that speak a protocol; those that still negotiate are not among them.</summary>
    IReadOnlyCollection<IStream> Streams { get; }

    /// <summary>How it ended. Never faults.</summary>
    Task<ConnectionEnd> Completion { get; }

    /// <summary>Opens a stream that speaks the first of the protocols that the remote speaks.</summary>
    /// <exception cref="UnsupportedProtocolException">It speaks none of them.</exception>
    /// <exception cref="ConnectionClosedException">The connection has ended.</exception>
    ValueTask<IStream> OpenStreamAsync(IReadOnlyList<ProtocolId> protocols, OpenStreamOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Closes in the ordinary way: no new streams, then the remote is told.</summary>
    ValueTask CloseAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends it and all its streams at once.</summary>
    void Abort(ConnectionErrorCode code);

    /// <summary>What only some have; null where absent.</summary>
    object? GetFeature(Type type);
}

/// <summary>A stream of a connection on which a protocol was agreed. Same rules as <see cref="IMuxedStream"/>.</summary>
public interface IStream : IMuxedStream
{
    /// <summary>The protocol spoken.</summary>
    ProtocolId Protocol { get; }

    /// <summary>The connection it belongs to.</summary>
    IConnection Connection { get; }

    /// <summary>Who opened it.</summary>
    ConnectionDirection Direction { get; }
}

/// <summary>How a stream is to be opened.</summary>
public sealed class OpenStreamOptions
{
    /// <summary>Also over a limited (relayed) connection. Default false.</summary>
    public bool AllowLimited { get; init; }

    /// <summary>Only over a connection that exists already. Default false.</summary>
    public bool NoDial { get; init; }

    /// <summary>When the answer of the remote is awaited. Default <see cref="NegotiationMode.Auto"/>.</summary>
    public NegotiationMode Negotiation { get; init; }
}

/// <summary>When the remote's answer to a protocol proposal is awaited.</summary>
public enum NegotiationMode
{
    /// <summary>Lazily where the remote is known to speak the protocol (identify told so), eagerly otherwise.</summary>
    Auto,

    /// <summary>Before the stream is returned.</summary>
    Eager,

    /// <summary>With the first read: proposal and first data leave together. A refusal then surfaces as <see cref="UnsupportedProtocolException"/> on that read.</summary>
    Lazy,
}
