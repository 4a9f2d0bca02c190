using Libp2p.Crypto;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Libp2p.Security.Noise.Tests;

internal static class Channels
{
    public static NoiseChannel Create(NoiseOptions? options = null, AeadProvider? aead = null, X25519Provider? x25519 = null) =>
        new(Options.Create(options ?? new NoiseOptions()), NullLogger<NoiseChannel>.Instance, aead ?? CryptoProviders.Aead, x25519 ?? CryptoProviders.X25519);
}
