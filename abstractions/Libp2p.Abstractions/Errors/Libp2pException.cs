namespace Libp2p;

/// <summary>The layer at which something failed, from the wire upwards.</summary>
public enum ConnectionLayer
{
    /// <summary>An address could not be read, or nothing here can use it.</summary>
    Address,

    /// <summary>No connection to the address: refused, unreachable, timed out.</summary>
    Transport,

    /// <summary>No common security channel, muxer or protocol.</summary>
    Negotiation,

    /// <summary>The secure channel failed, or the remote is somebody else.</summary>
    Security,

    /// <summary>The muxed connection failed.</summary>
    Muxer,

    /// <summary>A stream or the protocol on it failed.</summary>
    Protocol,

    /// <summary>A limit or a rule of this node refused it.</summary>
    Resources,

    /// <summary>What this node keeps could not be read or written.</summary>
    Storage,
}

/// <summary>What every error of libp2p derives from: it says at which layer it happened.</summary>
public abstract class Libp2pException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The layer that failed.</summary>
    public abstract ConnectionLayer Layer { get; }
}
