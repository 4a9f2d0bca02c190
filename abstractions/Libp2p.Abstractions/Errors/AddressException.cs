using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>An address that no transport here can dial or listen on.</summary>
public sealed class AddressException(string message, Multiaddr? address = null, Exception? inner = null) : Libp2pException(message, inner)
{
    /// <summary>The address, where there is one.</summary>
    public Multiaddr? Address { get; } = address;

    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Address;
}
