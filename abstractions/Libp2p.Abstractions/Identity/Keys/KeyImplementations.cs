using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;

namespace Libp2p;

/// <summary>Which library does the arithmetic of identity keys.</summary>
public static class KeyImplementations
{
    /// <summary>The version of BouncyCastle that the contracts bring, as <c>2.6.2</c>.</summary>
    public static string BouncyCastleVersion { get; } =
        typeof(Sha256Digest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>The libraries by name and version, as <c>BouncyCastle 2.6.2</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such type.</exception>
    public static string Of(KeyType type) => type switch
    {
        KeyType.Ed25519 => $"BouncyCastle {BouncyCastleVersion} signs; verified by this library",
        KeyType.Secp256k1 => $"BouncyCastle {BouncyCastleVersion}",
        KeyType.Rsa or KeyType.Ecdsa => $"{RuntimeInformation.FrameworkDescription}{System}",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such type of key."),
    };

    /// <summary>What the runtime stands on, where it tells: major, minor and patch are bits 28, 20 and 4 of one number.</summary>
    private static string System
    {
        get
        {
            if (!OperatingSystem.IsLinux()) return "";
            var version = SafeEvpPKeyHandle.OpenSslVersion;
            return string.Create(CultureInfo.InvariantCulture, $" over OpenSSL {version >> 28}.{(version >> 20) & 0xff}.{(version >> 4) & 0xff}");
        }
    }
}
