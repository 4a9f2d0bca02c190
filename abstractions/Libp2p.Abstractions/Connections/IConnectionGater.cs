using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>
/// Role: decides who may connect, beside the lists of the node's options. All that are present are asked, and one that refuses is enough. Asked on the way of every dial and every incoming
/// connection, from many threads: it answers at once, and does not throw.
/// </summary>
public interface IConnectionGater
{
    /// <summary>Why it must not go on; null: it may.</summary>
    string? Refuse(GateRequest request);
}

/// <summary>What a gater is asked.</summary>
/// <param name="Point">How far it is.</param>
/// <param name="Direction">Who opens the connection.</param>
/// <param name="Peer">Who is at the other end: proven from <see cref="GatePoint.Secured"/> on, before that who is expected; null: nobody knows.</param>
/// <param name="Local">This end; null: not known yet.</param>
/// <param name="Remote">The other end, without <c>/p2p</c>; null at <see cref="GatePoint.DialPeer"/>. A name that is not resolved yet is asked for, and each address that it leads to.</param>
public sealed record GateRequest(GatePoint Point, ConnectionDirection Direction, PeerId? Peer, Multiaddr? Local, Multiaddr? Remote);

/// <summary>Where connections can be refused, in their order.</summary>
public enum GatePoint
{
    /// <summary>A peer is about to be dialed, at whatever address.</summary>
    DialPeer,

    /// <summary>An address is about to be dialed.</summary>
    DialAddress,

    /// <summary>Somebody connected; no byte has been read.</summary>
    Accept,

    /// <summary>The other end has proven who it is.</summary>
    Secured,

    /// <summary>The connection could carry streams now.</summary>
    Upgraded,
}

/// <summary>A rule of this node refused a connection.</summary>
public sealed class ConnectionGatedException(GatePoint point, string why, Multiaddr? address = null) : Libp2pException(why)
{
    /// <summary>How far it came.</summary>
    public GatePoint Point { get; } = point;

    /// <summary>The other end's address, where known.</summary>
    public Multiaddr? Address { get; } = address;

    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Resources;
}
