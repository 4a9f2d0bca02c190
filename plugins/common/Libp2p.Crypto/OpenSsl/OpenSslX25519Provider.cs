namespace Libp2p.Crypto.OpenSsl;

/// <summary>
/// X25519 by libcrypto's EVP, with little beside the multiplication itself, of 32 us: contexts made anew for each agreement cost another 7, and a new key whose public half
/// the library computes in its own, slow way costs 54 instead of 38.
/// </summary>
internal sealed class OpenSslX25519Provider : X25519Provider
{
    public override string Name => "openssl";

    public override string Origin => LibCrypto.Origin;

    public override bool IsSupported => LibCrypto.IsLoaded;

    public override X25519PrivateKey Import(ReadOnlySpan<byte> privateKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(privateKey.Length, X25519PrivateKey.Size);
        if (!IsSupported)
        {
            throw new PlatformNotSupportedException($"libcrypto: {LibCrypto.WhyNot}.");
        }

        var key = EvpKeyImport.Import(privateKey);
        EvpAgreement? agreement = null;
        try
        {
            agreement = new EvpAgreement(key);
            var publicKey = new byte[X25519PrivateKey.Size];
            return agreement.TryDerive(EvpAgreement.BasePoint, publicKey) ? new Key(key, agreement, publicKey) : throw LibCrypto.Failure("compute a public key");
        }
        catch
        {
            agreement?.Dispose();
            key.Dispose();
            throw;
        }
    }

    /// <summary>What agreed is kept for the next agreement. Several at a time each have their own.</summary>
    private sealed class Key(EvpKey key, EvpAgreement agreement, byte[] publicKey) : X25519PrivateKey(publicKey)
    {
        private EvpAgreement? _free = agreement;
        private volatile bool _disposed;

        private protected override bool TryAgreeCore(ReadOnlySpan<byte> publicKey, Span<byte> secret)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var mine = Interlocked.Exchange(ref _free, null) ?? new EvpAgreement(key);
            try
            {
                return mine.TryDerive(publicKey, secret);
            }
            finally
            {
                if (Interlocked.CompareExchange(ref _free, mine, null) is not null)
                {
                    mine.Dispose();
                }
                else if (_disposed)
                {
                    Forget();
                }
            }
        }

        protected override void Dispose(bool disposing)
        {
            _disposed = true;
            Forget();
            key.Dispose();
        }

        private void Forget() => Interlocked.Exchange(ref _free, null)?.Dispose();
    }
}
