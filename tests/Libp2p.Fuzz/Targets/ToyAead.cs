using System.Security.Cryptography;
using Libp2p.Crypto;

namespace Libp2p.Fuzz.Targets;

/// <summary>
/// Stands for ChaCha20-Poly1305 where a whole handshake is only the way to its payload, and makes eight ciphers: hides nothing, but its tag is a hash over key, nonce and all that is authenticated.
/// </summary>
internal sealed class ToyAead : AeadProvider
{
    public static ToyAead Instance { get; } = new();

    public override string Name => "toy";

    public override string Origin => "this file";

    public override bool IsSupported => true;

    public override AeadCipher Create(ReadOnlySpan<byte> key, AeadDirection direction) => new Cipher(key.ToArray());

    private sealed class Cipher(byte[] key) : AeadCipher
    {
        public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> destination)
        {
            plaintext.CopyTo(destination);
            Tag(nonce, associatedData, destination[..plaintext.Length], destination[plaintext.Length..]);
        }

        public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> destination)
        {
            Span<byte> tag = stackalloc byte[TagSize];
            var text = ciphertext[..^TagSize];
            Tag(nonce, associatedData, text, tag);
            if (!ciphertext[^TagSize..].SequenceEqual(tag))
            {
                destination.Clear();
                return false;
            }

            text.CopyTo(destination);
            return true;
        }

        public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<ReadOnlyMemory<byte>> pieces, Span<byte> destination) => throw new NotSupportedException("Handshakes have no pieces.");

        public override bool TryOpenInPlace(ReadOnlySpan<byte> nonce, ReadOnlySpan<Memory<byte>> pieces, ReadOnlySpan<byte> tag) => throw new NotSupportedException("Handshakes have no pieces.");

        protected override void Dispose(bool disposing)
        {
        }

        private void Tag(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> text, Span<byte> tag)
        {
            // The first two have fixed lengths, and so has what a handshake authenticates beside.
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            Span<byte> joined = stackalloc byte[KeySize + NonceSize + associatedData.Length + text.Length];
            key.CopyTo(joined);
            nonce.CopyTo(joined[KeySize..]);
            associatedData.CopyTo(joined[(KeySize + NonceSize)..]);
            text.CopyTo(joined[(KeySize + NonceSize + associatedData.Length)..]);
            SHA256.HashData(joined, hash);
            hash[..TagSize].CopyTo(tag);
        }
    }
}
