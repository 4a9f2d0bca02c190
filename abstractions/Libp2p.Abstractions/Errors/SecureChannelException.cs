namespace Libp2p;

/// <summary>A security handshake failed, or a secured connection received what it could not authenticate.</summary>
public class SecureChannelException(string message, Exception? inner = null) : Libp2pException(message, inner)
{
    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Security;
}

/// <summary>
/// Both ends play the dialer in a security handshake: two dialed each other at once from the ports they listen on, and TCP made one connection of both (simultaneous open). Dialed from
/// another port each reaches the other's listener.
/// </summary>
public sealed class RoleConflictException(string message) : SecureChannelException(message);

/// <summary>The remote proved to be another peer than the one dialed.</summary>
public sealed class PeerIdMismatchException(PeerId expected, PeerId actual)
    : SecureChannelException($"Dialed {expected}, but the remote proved to be {actual}.")
{
    /// <summary>Who was dialed.</summary>
    public PeerId Expected { get; } = expected;

    /// <summary>Who answered.</summary>
    public PeerId Actual { get; } = actual;
}
