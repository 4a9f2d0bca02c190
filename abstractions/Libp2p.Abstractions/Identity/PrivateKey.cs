namespace Libp2p;

/// <summary>
/// A libp2p private key (libp2p/specs, peer-ids). Thread-safe. Disposing zeroes it; use after that throws <see cref="ObjectDisposedException"/>. Never logged:
/// <see cref="object.ToString"/> shows the peer id only.
/// </summary>
public abstract partial class PrivateKey : IDisposable
{
    /// <summary>The size of an RSA key that is generated without saying otherwise, in bits.</summary>
    public const int DefaultRsaBits = 2048;

    private protected PrivateKey(PublicKey publicKey) => PublicKey = publicKey;

    /// <summary>The public half; usable after the private half is disposed.</summary>
    public PublicKey PublicKey { get; }

    /// <summary>The kind of key.</summary>
    public KeyType Type => PublicKey.Type;

    /// <summary>
    /// Signs a message; the format is that of the key type in the peer-ids specification: 64 bytes for Ed25519, PKCS#1 1.5 for RSA, DER for the others, all of them
    /// over SHA-256 but Ed25519. RSA, Ed25519 and secp256k1 sign the same message the same way every time.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The key is zeroed.</exception>
    public abstract byte[] Sign(ReadOnlySpan<byte> message);

    /// <summary>The protobuf form of the peer-ids specification. The caller owns, and should zero, the array.</summary>
    /// <exception cref="ObjectDisposedException">The key is zeroed.</exception>
    public abstract byte[] ToProtobuf();

    /// <summary>Reads the protobuf form. Ed25519 keys may come with their public half once (64 bytes) or, as once written, twice (96 bytes).</summary>
    /// <exception cref="KeyFormatException">Malformed, of an unknown type, outside the accepted sizes, or with a public half that is not its own.</exception>
    public static PrivateKey FromProtobuf(ReadOnlySpan<byte> bytes)
    {
        var data = KeyProtobuf.DecodePrivate(bytes, out var type);
        return type switch
        {
            KeyType.Ed25519 => Ed25519PrivateKey.Read(data),
            KeyType.Rsa => RsaPrivateKey.Read(data),
            KeyType.Ecdsa => EcdsaPrivateKey.Read(data),
            KeyType.Secp256k1 => Secp256k1PrivateKey.Read(data),
            _ => throw new KeyFormatException($"Key type {(int)type} is not known."),
        };
    }

    /// <summary>A new key from the operating system's random source. RSA keys get <see cref="DefaultRsaBits"/>, ECDSA keys are of P-256.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is not known.</exception>
    public static PrivateKey Generate(KeyType type = KeyType.Ed25519) => type switch
    {
        KeyType.Ed25519 => Ed25519PrivateKey.Generate(),
        KeyType.Rsa => RsaPrivateKey.Generate(DefaultRsaBits),
        KeyType.Ecdsa => EcdsaPrivateKey.Generate(),
        KeyType.Secp256k1 => Secp256k1PrivateKey.Generate(),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "This key type is not known."),
    };

    /// <summary>A new RSA key.</summary>
    /// <param name="bits">The size of the modulus: a multiple of 8 from 2048 to 8192.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another size.</exception>
    public static PrivateKey GenerateRsa(int bits) => RsaPrivateKey.Generate(bits);

    /// <summary>A new ECDSA key.</summary>
    /// <param name="bits">The curve: 256 (P-256), 384 (P-384) or 521 (P-521).</param>
    /// <exception cref="ArgumentOutOfRangeException">Another number.</exception>
    public static PrivateKey GenerateEcdsa(int bits) => EcdsaPrivateKey.Generate(bits);

    /// <summary>The Ed25519 key of a 32-byte seed (RFC 8032, section 5.1.5).</summary>
    /// <exception cref="KeyFormatException">The seed is not 32 bytes.</exception>
    public static PrivateKey FromEd25519Seed(ReadOnlySpan<byte> seed) => Ed25519PrivateKey.FromSeed(seed);

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
