namespace Libp2p;

/// <summary>Secures a byte connection and proves who is at its other end (noise, tls).</summary>
public interface ISecurityChannel
{
    /// <summary>The protocol id negotiated for it.</summary>
    ProtocolId Protocol { get; }

    /// <summary>
    /// Whether its dialer flushes a message before it first reads. Where it is the only channel on offer, its proposal then leaves with that message, and the remote's
    /// agreement comes with the answer: a round trip less. False costs nothing but that.
    /// </summary>
    bool DialerSpeaksFirst { get; }

    /// <summary>Runs the handshake. On failure the caller aborts the wire.</summary>
    /// <exception cref="NegotiationException">With <see cref="DialerSpeaksFirst"/>, from the first read: the remote does not speak this protocol.</exception>
    /// <exception cref="PeerIdMismatchException">The remote is not <see cref="UpgradeContext.Expected"/>.</exception>
    /// <exception cref="SecureChannelException">The handshake failed.</exception>
    ValueTask<SecuredBytes> SecureAsync(IByteConnection wire, UpgradeContext context, CancellationToken cancellationToken = default);
}

/// <summary>The result of a security handshake.</summary>
/// <param name="connection">The secured bytes; owns the wire.</param>
/// <param name="remoteKey">The remote's proven public key.</param>
/// <param name="earlyMuxer">The muxer that the handshake already chose; null: negotiate it.</param>
public sealed class SecuredBytes(IByteConnection connection, PublicKey remoteKey, ProtocolId? earlyMuxer = null)
{
    /// <summary>The secured bytes; owns the wire.</summary>
    public IByteConnection Connection { get; } = connection;

    /// <summary>The remote's proven public key.</summary>
    public PublicKey RemoteKey { get; } = remoteKey;

    /// <summary>The muxer that the handshake already chose; null: negotiate it.</summary>
    public ProtocolId? EarlyMuxer { get; } = earlyMuxer;
}

/// <summary>Wraps the bare wire below the security channel (private networks).</summary>
public interface IConnectionProtector
{
    /// <summary>Returns the protected wire; owns the one given.</summary>
    ValueTask<IByteConnection> ProtectAsync(IByteConnection wire, UpgradeContext context, CancellationToken cancellationToken = default);
}

/// <summary>Carries many streams over one secured byte connection (yamux, mplex).</summary>
public interface IStreamMuxer
{
    /// <summary>The protocol id negotiated for it.</summary>
    ProtocolId Protocol { get; }

    /// <summary>Starts the muxer; it owns the connection and runs its one read loop and one write loop.</summary>
    ValueTask<IMuxedConnection> MultiplexAsync(IByteConnection secured, UpgradeContext context, CancellationToken cancellationToken = default);
}
