using System.Buffers.Binary;
using Libp2p.Crypto;

namespace Libp2p.Security.Noise;

/// <summary>
/// Noise's CipherState (section 5.1): a key and the counter of its messages, one way. The nonce is four zero bytes and the counter, little-endian. One
/// caller at a time; disposing is safe at any time.
/// </summary>
internal sealed class NoiseCipher : IDisposable
{
    /// <summary>The counter that is never used (section 5.1).</summary>
    public const ulong Reserved = ulong.MaxValue;

    private readonly AeadCipher _cipher;

    public NoiseCipher(AeadProvider provider, ReadOnlySpan<byte> key, AeadDirection direction, ulong counter = 0)
    {
        _cipher = provider.Create(key, direction);
        Counter = counter;
    }

    /// <summary>How many messages have passed: the counter of the next.</summary>
    public ulong Counter { get; private set; }

    public void Seal(ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        Span<byte> nonce = stackalloc byte[AeadCipher.NonceSize];
        WriteNonce(nonce);
        _cipher.Seal(nonce, associatedData, plaintext, destination);
        Counter++;
    }

    public void Seal(ReadOnlySpan<ReadOnlyMemory<byte>> pieces, Span<byte> destination)
    {
        Span<byte> nonce = stackalloc byte[AeadCipher.NonceSize];
        WriteNonce(nonce);
        _cipher.Seal(nonce, pieces, destination);
        Counter++;
    }

    /// <summary>False, and the counter unmoved, where the tag does not fit.</summary>
    public bool TryOpen(ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> destination)
    {
        Span<byte> nonce = stackalloc byte[AeadCipher.NonceSize];
        WriteNonce(nonce);
        if (!_cipher.TryOpen(nonce, associatedData, ciphertext, destination))
        {
            return false;
        }

        Counter++;
        return true;
    }

    /// <inheritdoc cref="TryOpen"/>
    public bool TryOpenInPlace(ReadOnlySpan<Memory<byte>> pieces, ReadOnlySpan<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[AeadCipher.NonceSize];
        WriteNonce(nonce);
        if (!_cipher.TryOpenInPlace(nonce, pieces, tag))
        {
            return false;
        }

        Counter++;
        return true;
    }

    public void Dispose() => _cipher.Dispose();

    private void WriteNonce(Span<byte> nonce)
    {
        if (Counter == Reserved)
        {
            throw new SecureChannelException("All nonces of this direction are used up; the connection cannot go on.");
        }

        nonce[..4].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], Counter);
    }
}
