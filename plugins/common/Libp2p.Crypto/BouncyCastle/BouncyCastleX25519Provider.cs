using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace Libp2p.Crypto.BouncyCastle;

/// <summary>Managed code only.</summary>
internal sealed class BouncyCastleX25519Provider : X25519Provider
{
    public override string Name => "bouncycastle";

    public override string Origin => $"BouncyCastle {KeyImplementations.BouncyCastleVersion}";

    public override bool IsSupported => true;

    public override X25519PrivateKey Import(ReadOnlySpan<byte> privateKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(privateKey.Length, X25519PrivateKey.Size);
        var key = privateKey.ToArray();
        var publicKey = new byte[X25519PrivateKey.Size];
        X25519.ScalarMultBase(key, 0, publicKey, 0);
        return new Key(key, publicKey);
    }

    private sealed class Key(byte[] key, byte[] publicKey) : X25519PrivateKey(publicKey)
    {
        private readonly byte[] _key = key;
        private bool _disposed;

        private protected override bool TryAgreeCore(ReadOnlySpan<byte> publicKey, Span<byte> secret)
        {
            lock (_key)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                var result = new byte[Size];
                var ok = X25519.CalculateAgreement(_key, 0, publicKey.ToArray(), 0, result, 0);
                result.CopyTo(secret);
                CryptographicOperations.ZeroMemory(result);
                return ok;
            }
        }

        protected override void Dispose(bool disposing)
        {
            lock (_key)
            {
                _disposed = true;
                CryptographicOperations.ZeroMemory(_key);
            }
        }
    }
}
