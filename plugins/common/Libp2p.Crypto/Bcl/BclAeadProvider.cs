using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Libp2p.Crypto.Bcl;

/// <summary>The runtime's own: libcrypto, CNG or CryptoKit behind one class.</summary>
internal sealed class BclAeadProvider : AeadProvider
{
    public override string Name => "runtime";

    public override string Origin => RuntimeInformation.FrameworkDescription;

    public override bool IsSupported => ChaCha20Poly1305.IsSupported;

    public override AeadCipher Create(ReadOnlySpan<byte> key, AeadDirection direction)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, AeadCipher.KeySize);
        return new Cipher(key, direction);
    }

    /// <summary>It takes one contiguous buffer a call: pieces are gathered in the destination, or in a rented buffer where they are scattered.</summary>
    private sealed class Cipher(ReadOnlySpan<byte> key, AeadDirection direction) : AeadCipher
    {
        private readonly ChaCha20Poly1305 _cipher = new(key);

        public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> destination)
        {
            CheckSeal(nonce.Length, plaintext.Length, destination.Length);
            Check(AeadDirection.Seal);
            _cipher.Encrypt(nonce, plaintext, destination[..plaintext.Length], destination[plaintext.Length..], associatedData);
        }

        public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<ReadOnlyMemory<byte>> pieces, Span<byte> destination)
        {
            if (pieces.Length == 1)
            {
                Seal(nonce, [], pieces[0].Span, destination);
                return;
            }

            CheckSeal(nonce.Length, Total(pieces), destination.Length);
            Check(AeadDirection.Seal);
            var at = 0;
            foreach (var piece in pieces)
            {
                piece.Span.CopyTo(destination[at..]);
                at += piece.Length;
            }

            _cipher.Encrypt(nonce, destination[..at], destination[..at], destination[at..]);
        }

        public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> destination)
        {
            CheckOpen(nonce.Length, ciphertext.Length, destination.Length);
            Check(AeadDirection.Open);
            try
            {
                _cipher.Decrypt(nonce, ciphertext[..destination.Length], ciphertext[destination.Length..], destination, associatedData);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                destination.Clear();
                return false;
            }
        }

        public override bool TryOpenInPlace(ReadOnlySpan<byte> nonce, ReadOnlySpan<Memory<byte>> pieces, ReadOnlySpan<byte> tag)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceSize);
            ArgumentOutOfRangeException.ThrowIfNotEqual(tag.Length, TagSize);
            Check(AeadDirection.Open);
            if (pieces.Length <= 1)
            {
                var only = pieces.IsEmpty ? [] : pieces[0].Span;
                return TryDecrypt(nonce, only, tag, only);
            }

            var total = Total(pieces);
            var gathered = ArrayPool<byte>.Shared.Rent(total);
            try
            {
                Scattered.Gather(pieces, gathered);
                if (!TryDecrypt(nonce, gathered.AsSpan(0, total), tag, gathered.AsSpan(0, total)))
                {
                    return false;
                }

                Scattered.Scatter(gathered, pieces);
                return true;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(gathered.AsSpan(0, total));
                ArrayPool<byte>.Shared.Return(gathered);
            }
        }

        protected override void Dispose(bool disposing) => _cipher.Dispose();

        private bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> destination)
        {
            try
            {
                _cipher.Decrypt(nonce, ciphertext, tag, destination);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                return false;
            }
        }

        private void Check(AeadDirection wanted)
        {
            if (direction != wanted)
            {
                throw new InvalidOperationException($"This cipher was made to {direction}.");
            }
        }
    }
}
