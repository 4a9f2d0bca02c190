namespace Libp2p;

/// <summary>Who opened a connection or stream.</summary>
public enum ConnectionDirection
{
    /// <summary>The remote.</summary>
    Inbound,

    /// <summary>This side.</summary>
    Outbound,
}

/// <summary>The part played in handshakes. It follows from the direction, except in a simultaneous open, where a dial may play the listener (DCUtR).</summary>
public enum ConnectionRole
{
    /// <summary>Speaks first.</summary>
    Dialer,

    /// <summary>Answers.</summary>
    Listener,
}

/// <summary>Whether a dial leaves from a port that this node listens on.</summary>
public enum PortUse
{
    /// <summary>From the listening port where the transport can (helps NAT traversal).</summary>
    Reuse,

    /// <summary>From a fresh ephemeral port.</summary>
    Fresh,
}

/// <summary>What a limited connection (a relayed one) allows. A byte connection that is limited has it as a feature, and enforces it.</summary>
/// <param name="Duration">How long it may last; null: no limit.</param>
/// <param name="Bytes">How many bytes may pass each way; null: no limit.</param>
public sealed record ConnectionLimits(TimeSpan? Duration, long? Bytes);
