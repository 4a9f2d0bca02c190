using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>A transport could not dial, listen, send or receive.</summary>
public sealed class TransportException(string message, Multiaddr? address = null, Exception? inner = null) : Libp2pException(message, inner)
{
    /// <summary>The address dialed or listened on, where known.</summary>
    public Multiaddr? Address { get; } = address;

    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Transport;
}
