using Libp2p.Crypto;

namespace Libp2p.Security.Noise.Tests.Crypto;

/// <summary>Providers by name, so that each test runs once with each.</summary>
public static class Providers
{
    public static TheoryData<string> Aeads => [.. CryptoProviders.AllAeads.Where(static provider => provider.IsSupported).Select(static provider => provider.Name)];

    public static TheoryData<string> X25519 => [.. CryptoProviders.AllX25519.Where(static provider => provider.IsSupported).Select(static provider => provider.Name)];

    public static AeadProvider Aead(string name) => CryptoProviders.AllAeads.Single(provider => provider.Name == name);

    public static X25519Provider Curve(string name) => CryptoProviders.AllX25519.Single(provider => provider.Name == name);
}
