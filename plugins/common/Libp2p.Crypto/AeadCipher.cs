namespace Libp2p.Crypto;

/// <summary>What an <see cref="AeadCipher"/> is made for.</summary>
public enum AeadDirection
{
    /// <summary>Encrypts.</summary>
    Seal,

    /// <summary>Decrypts and verifies.</summary>
    Open,
}

/// <summary>
/// ChaCha20-Poly1305 (RFC 8439) under one key, in one direction. One caller at a time; disposing is safe at any time, also under a running call, which
/// then finishes first. Later calls throw <see cref="ObjectDisposedException"/>. The caller never uses a nonce twice.
/// </summary>
public abstract class AeadCipher : IDisposable
{
    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes of a nonce.</summary>
    public const int NonceSize = 12;

    /// <summary>Bytes of the tag that follows the ciphertext.</summary>
    public const int TagSize = 16;

    /// <summary>Encrypts.</summary>
    /// <param name="nonce">12 bytes, unique under the key.</param>
    /// <param name="associatedData">Authenticated, not encrypted.</param>
    /// <param name="plaintext">Must not overlap the destination, unless both start at the same byte.</param>
    /// <param name="destination">Exactly 16 bytes longer than the plaintext: ciphertext, then tag.</param>
    public abstract void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> destination);

    /// <summary>Encrypts pieces as if they were one plaintext, without associated data. None may overlap the destination.</summary>
    /// <param name="nonce">12 bytes, unique under the key.</param>
    /// <param name="pieces">The plaintext, in order; empty pieces are allowed.</param>
    /// <param name="destination">Exactly 16 bytes longer than all pieces: ciphertext, then tag.</param>
    public abstract void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<ReadOnlyMemory<byte>> pieces, Span<byte> destination);

    /// <summary>Decrypts; false, and a cleared destination, where the tag does not fit.</summary>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="associatedData">What was authenticated beside it.</param>
    /// <param name="ciphertext">Ciphertext, then tag; at least 16 bytes.</param>
    /// <param name="destination">Exactly 16 bytes shorter than the ciphertext; may start at the same byte, else must not overlap it.</param>
    public abstract bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> destination);

    /// <summary>Decrypts pieces where they lie, as if they were one ciphertext. False where the tag does not fit; the pieces then hold nothing of use.</summary>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="pieces">The ciphertext without its tag, in order; plaintext afterwards.</param>
    /// <param name="tag">16 bytes.</param>
    public abstract bool TryOpenInPlace(ReadOnlySpan<byte> nonce, ReadOnlySpan<Memory<byte>> pieces, ReadOnlySpan<byte> tag);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Forgets the key.</summary>
    protected abstract void Dispose(bool disposing);

    private protected static void CheckSeal(int nonce, int plaintext, int destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce, NonceSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination, plaintext + TagSize);
    }

    private protected static void CheckOpen(int nonce, int ciphertext, int destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce, NonceSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(ciphertext, TagSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination, ciphertext - TagSize);
    }

    private protected static int Total(ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        var total = 0;
        foreach (var piece in pieces)
        {
            total = checked(total + piece.Length);
        }

        return total;
    }

    private protected static int Total(ReadOnlySpan<Memory<byte>> pieces)
    {
        var total = 0;
        foreach (var piece in pieces)
        {
            total = checked(total + piece.Length);
        }

        return total;
    }
}
