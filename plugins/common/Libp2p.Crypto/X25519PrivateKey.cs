namespace Libp2p.Crypto;

/// <summary>An implementation of X25519 (RFC 7748). Thread-safe.</summary>
public abstract class X25519Provider
{
    /// <summary>Its name, as <c>openssl</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The library it stands on: name, version, and the file where there is one.</summary>
    public abstract string Origin { get; }

    /// <summary>Whether it works on this machine.</summary>
    public abstract bool IsSupported { get; }

    /// <summary>The key of 32 bytes, which are copied.</summary>
    /// <exception cref="PlatformNotSupportedException">Not <see cref="IsSupported"/>.</exception>
    public abstract X25519PrivateKey Import(ReadOnlySpan<byte> privateKey);
}

/// <summary>An X25519 key. Thread-safe, disposing included: a running agreement finishes first.</summary>
public abstract class X25519PrivateKey : IDisposable
{
    /// <summary>Bytes of a private key, a public key and a shared secret.</summary>
    public const int Size = 32;

    private readonly byte[] _publicKey;

    private protected X25519PrivateKey(byte[] publicKey) => _publicKey = publicKey;

    /// <summary>The public key, 32 bytes.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>
    /// The secret shared with the owner of a public key. False, and a cleared secret, where it would be all zero: the public key is of small order and the
    /// secret known to everybody.
    /// </summary>
    /// <param name="publicKey">32 bytes.</param>
    /// <param name="secret">32 bytes.</param>
    public bool TryAgree(ReadOnlySpan<byte> publicKey, Span<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(publicKey.Length, Size);
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, Size);
        if (TryAgreeCore(publicKey, secret))
        {
            var bits = 0;
            foreach (var value in secret)
            {
                bits |= value;
            }

            if (bits != 0)
            {
                return true;
            }
        }

        secret.Clear();
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    private protected abstract bool TryAgreeCore(ReadOnlySpan<byte> publicKey, Span<byte> secret);

    /// <summary>Forgets the key.</summary>
    protected abstract void Dispose(bool disposing);
}
