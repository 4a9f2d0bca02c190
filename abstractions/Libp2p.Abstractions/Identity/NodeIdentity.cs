namespace Libp2p;

/// <summary>Who a node is: its private key and the peer id that follows from it. Immutable and thread-safe; the key's owner disposes it.</summary>
public sealed class NodeIdentity(PrivateKey key)
{
    /// <summary>The private key; used to sign in handshakes and records.</summary>
    public PrivateKey Key { get; } = key ?? throw new ArgumentNullException(nameof(key));

    /// <summary>The public key.</summary>
    public PublicKey PublicKey => Key.PublicKey;

    /// <summary>The peer id.</summary>
    public PeerId PeerId => Key.PublicKey.PeerId;

    /// <summary>A new Ed25519 identity from the operating system's random source.</summary>
    public static NodeIdentity Generate() => new(PrivateKey.Generate());
}
