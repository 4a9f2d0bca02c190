using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Libp2p.Crypto.Bcl;
using Libp2p.Crypto.BouncyCastle;
using Libp2p.Crypto.OpenSsl;

namespace Libp2p.Crypto;

/// <summary>
/// The implementations there are, best first, and the one in use: OpenSSL's libcrypto called directly, the runtime's own, BouncyCastle. The switch
/// <c>Libp2p.Crypto.DisableOpenSsl</c> (<see cref="AppContext"/>) leaves out the first.
/// </summary>
public static class CryptoProviders
{
    /// <summary>The name of the switch that leaves out libcrypto. Read once, at first use.</summary>
    public const string DisableOpenSslSwitch = "Libp2p.Crypto.DisableOpenSsl";

    /// <summary>The implementations of ChaCha20-Poly1305, best first; not all need be supported here.</summary>
    public static ImmutableArray<AeadProvider> AllAeads { get; } = [new OpenSslAeadProvider(), new BclAeadProvider(), new BouncyCastleAeadProvider()];

    /// <summary>The implementations of X25519, best first; not all need be supported here.</summary>
    public static ImmutableArray<X25519Provider> AllX25519 { get; } = [new OpenSslX25519Provider(), new BouncyCastleX25519Provider()];

    /// <summary>The best ChaCha20-Poly1305 of this machine.</summary>
    public static AeadProvider Aead { get; } = AllAeads.First(static provider => provider.IsSupported);

    /// <summary>The best X25519 of this machine.</summary>
    public static X25519Provider X25519 { get; } = AllX25519.First(static provider => provider.IsSupported);

    /// <summary>Which implementation of each primitive is in use here, where it comes from, and what a better one lacks.</summary>
    public static IEnumerable<Finding> Check()
    {
        yield return Judge("ChaCha20-Poly1305", Aead.Name, Aead.Origin, AllAeads[0].Name, AllAeads[0].Origin);
        yield return Judge("X25519", X25519.Name, X25519.Origin, AllX25519[0].Name, AllX25519[0].Origin);
        yield return Finding.Ok("HKDF-SHA256", $"runtime: {RuntimeInformation.FrameworkDescription}");
    }

    /// <summary>Which implementations are in use, for a log line.</summary>
    public static string Describe() =>
        $"ChaCha20-Poly1305: {Aead.Name}; X25519: {X25519.Name}; libcrypto: {(LibCrypto.IsLoaded ? LibCrypto.Version : LibCrypto.WhyNot)}";

    internal static Finding Judge(string primitive, string used, string origin, string best, string bestOrigin) => used == best
        ? Finding.Ok(primitive, $"{used}: {origin}")
        : Finding.Note(primitive, $"{used}: {origin}; the faster {best} is not in use: {bestOrigin}", "Install OpenSSL 3 (libcrypto), as by: apt-get install libssl3; leave Libp2p.Crypto.DisableOpenSsl off.");
}
