using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>A muxed connection that knows its peer: assembled by the upgrader, or delivered whole by quic, webrtc and webtransport.</summary>
public interface ISecureConnection : IMuxedConnection
{
    /// <summary>Who is at the other end, proven.</summary>
    PeerId RemotePeer { get; }

    /// <summary>Its public key.</summary>
    PublicKey RemoteKey { get; }

    /// <summary>This end's address.</summary>
    Multiaddr Local { get; }

    /// <summary>The other end's address.</summary>
    Multiaddr Remote { get; }

    /// <summary>The limits of a relayed connection; null: none.</summary>
    ConnectionLimits? Limits { get; }
}
