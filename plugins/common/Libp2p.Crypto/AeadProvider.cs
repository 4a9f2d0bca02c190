namespace Libp2p.Crypto;

/// <summary>An implementation of ChaCha20-Poly1305. Thread-safe.</summary>
public abstract class AeadProvider
{
    /// <summary>Its name, as <c>openssl</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The library it stands on: name, version, and the file where there is one.</summary>
    public abstract string Origin { get; }

    /// <summary>Whether it works on this machine.</summary>
    public abstract bool IsSupported { get; }

    /// <summary>A cipher under a key of 32 bytes, which is copied.</summary>
    /// <exception cref="PlatformNotSupportedException">Not <see cref="IsSupported"/>.</exception>
    public abstract AeadCipher Create(ReadOnlySpan<byte> key, AeadDirection direction);
}
