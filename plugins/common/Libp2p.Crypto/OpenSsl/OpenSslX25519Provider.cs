namespace Libp2p.Crypto.OpenSsl;

internal sealed unsafe class OpenSslX25519Provider : X25519Provider
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

        EvpKey key;
        fixed (byte* k = privateKey)
        {
            key = new EvpKey(LibCrypto.KeyNewPrivate(LibCrypto.X25519, 0, k, X25519PrivateKey.Size));
        }

        var publicKey = new byte[X25519PrivateKey.Size];
        nuint length = X25519PrivateKey.Size;
        fixed (byte* p = publicKey)
        {
            if (LibCrypto.KeyGetPublic(key.DangerousGetHandle(), p, &length) != 1)
            {
                key.Dispose();
                throw LibCrypto.Failure("compute a public key");
            }
        }

        return new Key(key, publicKey);
    }

    /// <summary>The parsed key is kept: importing it costs as much as an agreement.</summary>
    private sealed class Key(EvpKey key, byte[] publicKey) : X25519PrivateKey(publicKey)
    {
        private protected override bool TryAgreeCore(ReadOnlySpan<byte> publicKey, Span<byte> secret)
        {
            var held = false;
            nint peer = 0, context = 0;
            try
            {
                key.DangerousAddRef(ref held);
                fixed (byte* p = publicKey)
                {
                    peer = LibCrypto.KeyNewPublic(LibCrypto.X25519, 0, p, Size);
                }

                context = LibCrypto.KeyContextNew(key.DangerousGetHandle(), 0);
                if (peer == 0 || context == 0 || LibCrypto.DeriveInit(context) != 1 || LibCrypto.DeriveSetPeer(context, peer, 0) != 1)
                {
                    throw LibCrypto.Failure("prepare an agreement");
                }

                nuint length = Size;
                fixed (byte* s = secret)
                {
                    // Fails for nothing but a secret of all zeros.
                    if (LibCrypto.Derive(context, s, &length) == 1 && length == Size)
                    {
                        return true;
                    }
                }

                LibCrypto.ErrorsClear();
                return false;
            }
            finally
            {
                if (context != 0)
                {
                    LibCrypto.KeyContextFree(context);
                }

                if (peer != 0)
                {
                    LibCrypto.KeyFree(peer);
                }

                if (held)
                {
                    key.DangerousRelease();
                }
            }
        }

        protected override void Dispose(bool disposing) => key.Dispose();
    }
}
