using System.Buffers;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Managed = Org.BouncyCastle.Crypto.Modes.ChaCha20Poly1305;

namespace Libp2p.Crypto.BouncyCastle;

/// <summary>Managed code only: works everywhere, at a fifth of the speed.</summary>
internal sealed class BouncyCastleAeadProvider : AeadProvider
{
    public override string Name => "bouncycastle";

    public override string Origin => $"BouncyCastle {KeyImplementations.BouncyCastleVersion}";

    public override bool IsSupported => true;

    public override AeadCipher Create(ReadOnlySpan<byte> key, AeadDirection direction) => new Cipher(key, direction);

    /// <summary>Its output lags behind its input, so that every record goes through a rented buffer. A lock keeps a disposal from a running call.</summary>
    private sealed class Cipher : AeadCipher
    {
        private readonly Lock _gate = new();
        private readonly Managed _cipher = new();
        private readonly AeadDirection _direction;
        private readonly byte[] _key;
        private readonly KeyParameter _parameter;
        private bool _disposed;

        public Cipher(ReadOnlySpan<byte> key, AeadDirection direction)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeySize);
            _direction = direction;
            _key = key.ToArray();
            _parameter = new KeyParameter(_key);
        }

        public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> destination)
        {
            CheckSeal(nonce.Length, plaintext.Length, destination.Length);
            var input = ArrayPool<byte>.Shared.Rent(plaintext.Length);
            try
            {
                plaintext.CopyTo(input);
                Run(AeadDirection.Seal, nonce, associatedData, input.AsSpan(0, plaintext.Length), destination);
            }
            finally
            {
                Return(input, plaintext.Length);
            }
        }

        public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<ReadOnlyMemory<byte>> pieces, Span<byte> destination)
        {
            var total = Total(pieces);
            CheckSeal(nonce.Length, total, destination.Length);
            var input = ArrayPool<byte>.Shared.Rent(total);
            try
            {
                Scattered.Gather(pieces, input);
                Run(AeadDirection.Seal, nonce, [], input.AsSpan(0, total), destination);
            }
            finally
            {
                Return(input, total);
            }
        }

        public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> destination)
        {
            CheckOpen(nonce.Length, ciphertext.Length, destination.Length);
            var input = ArrayPool<byte>.Shared.Rent(ciphertext.Length);
            try
            {
                ciphertext.CopyTo(input);
                if (Run(AeadDirection.Open, nonce, associatedData, input.AsSpan(0, ciphertext.Length), destination))
                {
                    return true;
                }

                destination.Clear();
                return false;
            }
            finally
            {
                Return(input, ciphertext.Length);
            }
        }

        public override bool TryOpenInPlace(ReadOnlySpan<byte> nonce, ReadOnlySpan<Memory<byte>> pieces, ReadOnlySpan<byte> tag)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceSize);
            ArgumentOutOfRangeException.ThrowIfNotEqual(tag.Length, TagSize);
            var total = Total(pieces);
            var input = ArrayPool<byte>.Shared.Rent(total + TagSize);
            var output = ArrayPool<byte>.Shared.Rent(total);
            try
            {
                Scattered.Gather(pieces, input);
                tag.CopyTo(input.AsSpan(total));
                if (!Run(AeadDirection.Open, nonce, [], input.AsSpan(0, total + TagSize), output.AsSpan(0, total)))
                {
                    return false;
                }

                Scattered.Scatter(output, pieces);
                return true;
            }
            finally
            {
                Return(input, total + TagSize);
                Return(output, total);
            }
        }

        protected override void Dispose(bool disposing)
        {
            lock (_gate)
            {
                _disposed = true;
                CryptographicOperations.ZeroMemory(_key);
            }
        }

        private bool Run(AeadDirection direction, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> input, Span<byte> output)
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                if (direction != _direction)
                {
                    throw new InvalidOperationException($"This cipher was made to {_direction}.");
                }

                _cipher.Init(direction == AeadDirection.Seal, new ParametersWithIV(_parameter, nonce));
                _cipher.ProcessAadBytes(associatedData);
                try
                {
                    var written = _cipher.ProcessBytes(input, output);
                    _cipher.DoFinal(output[written..]);
                    return true;
                }
                catch (InvalidCipherTextException)
                {
                    return false;
                }
            }
        }

        private static void Return(byte[] buffer, int used)
        {
            CryptographicOperations.ZeroMemory(buffer.AsSpan(0, used));
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
