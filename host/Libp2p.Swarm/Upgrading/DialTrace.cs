namespace Libp2p.Swarm;

/// <summary>
/// How the making of a connection is traced (<see cref="Telemetry.ActivitySourceName"/>): one activity an address dialed, in it one for the upgrade, and in
/// that an event at the end of each step, in the order of this list. Steps that a connection does not have (a transport that brings its own security) are missing.
/// Nothing is made where nobody listens.
/// </summary>
public static class DialTrace
{
    /// <summary>The activity of one address: from its dial to a connection that is ready. Tags <see cref="Address"/> and <see cref="Peer"/>; the status is an error where it failed.</summary>
    public const string DialActivity = "libp2p.dial.address";

    /// <summary>The activity of an upgrade, inbound or outbound: from a bare connection to a muxed one. Tag <see cref="Peer"/>; the status is an error where it failed.</summary>
    public const string UpgradeActivity = "libp2p.upgrade";

    /// <summary>Event: the connection protector, of a private network, is done.</summary>
    public const string Protected = "libp2p.protected";

    /// <summary>Event: both agree on a security channel; tag <see cref="Protocol"/>.</summary>
    public const string SecurityAgreed = "libp2p.security.agreed";

    /// <summary>Event: the handshake of the security channel is done; tag <see cref="Peer"/>.</summary>
    public const string Secured = "libp2p.secured";

    /// <summary>Event: both agree on a muxer; tags <see cref="Protocol"/> and <see cref="Early"/>.</summary>
    public const string MuxerAgreed = "libp2p.muxer.agreed";

    /// <summary>Event: the muxer runs.</summary>
    public const string Muxed = "libp2p.muxed";

    /// <summary>Tag: the multiaddr dialed, a string.</summary>
    public const string Address = "libp2p.addr";

    /// <summary>Tag: the remote's peer id, a string.</summary>
    public const string Peer = "libp2p.peer";

    /// <summary>Tag: a protocol id, a string.</summary>
    public const string Protocol = "libp2p.protocol";

    /// <summary>Tag: whether the muxer was agreed on within the security handshake, a boolean.</summary>
    public const string Early = "libp2p.early";
}
