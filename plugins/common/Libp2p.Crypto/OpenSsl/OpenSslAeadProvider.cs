namespace Libp2p.Crypto.OpenSsl;

internal sealed class OpenSslAeadProvider : AeadProvider
{
    public override string Name => "openssl";

    public override string Origin => LibCrypto.Origin;

    public override bool IsSupported => LibCrypto.IsLoaded;

    public override AeadCipher Create(ReadOnlySpan<byte> key, AeadDirection direction) =>
        IsSupported ? new EvpChaCha20Poly1305(key, direction) : throw new PlatformNotSupportedException($"libcrypto: {LibCrypto.WhyNot}.");
}
