namespace Libp2p;

/// <summary>A security handshake failed, or a secured connection received what it could not authenticate.</summary>
public class SecureChannelException(string message, Exception? inner = null) : Libp2pException(message, inner)
{
    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Security;
}

/// <summary>The remote proved to be another peer than the one dialed.</summary>
public sealed class PeerIdMismatchException(PeerId expected, PeerId actual)
    : SecureChannelException($"Dialed {expected}, but the remote proved to be {actual}.")
{
    /// <summary>Who was dialed.</summary>
    public PeerId Expected { get; } = expected;

    /// <summary>Who answered.</summary>
    public PeerId Actual { get; } = actual;
}
