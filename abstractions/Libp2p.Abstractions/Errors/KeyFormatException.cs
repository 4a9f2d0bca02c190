namespace Libp2p;

/// <summary>Bytes that are not a key, or a key outside the accepted sizes.</summary>
public sealed class KeyFormatException(string message, Exception? inner = null) : Libp2pException(message, inner)
{
    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Security;
}
