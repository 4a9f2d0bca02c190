namespace Libp2p;

/// <summary>A libp2p private key. Disposing zeroes it. Never logged; <see cref="object.ToString"/> shows the peer id only.</summary>
public abstract class PrivateKey : IDisposable
{
    /// <summary>The public half.</summary>
    public abstract PublicKey PublicKey { get; }

    /// <summary>Signs a message; the format is that of the key type in the peer-ids specification.</summary>
    public abstract byte[] Sign(ReadOnlySpan<byte> message);

    /// <summary>The protobuf form of the peer-ids specification. The caller owns, and should zero, the array.</summary>
    public abstract byte[] ToProtobuf();

    /// <summary>Reads the protobuf form.</summary>
    /// <exception cref="KeyFormatException">Malformed, or of a type that is not supported.</exception>
    public static PrivateKey FromProtobuf(ReadOnlySpan<byte> bytes) => throw new NotImplementedException();

    /// <summary>A new key from the operating system's random source.</summary>
    public static PrivateKey Generate(KeyType type = KeyType.Ed25519) => throw new NotImplementedException();

    /// <summary>The Ed25519 key of a 32-byte seed.</summary>
    public static PrivateKey FromEd25519Seed(ReadOnlySpan<byte> seed) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Zeroes the key.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>Shows the peer id, never the key.</summary>
    public sealed override string ToString() => $"private key of {PublicKey.PeerId}";
}
