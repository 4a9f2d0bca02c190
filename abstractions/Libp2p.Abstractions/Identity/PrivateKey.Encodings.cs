using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Libp2p;

/// <content>PKCS#8 and PEM, as other tools keep keys.</content>
public abstract partial class PrivateKey
{
    /// <summary>The iterations of PBKDF2 for an encrypted key that is written without saying otherwise.</summary>
    public const int DefaultPasswordIterations = EncryptedPrivateKeyInfo.DefaultIterations;

    private const string PlainLabel = "PRIVATE KEY";
    private const string EncryptedLabel = "ENCRYPTED PRIVATE KEY";
    private const string RsaLabel = "RSA PRIVATE KEY";
    private const string EcLabel = "EC PRIVATE KEY";

    /// <summary>The PKCS#8 form (RFC 5208; RFC 8410 for Ed25519) in DER. The caller owns, and should zero, the array.</summary>
    /// <exception cref="ObjectDisposedException">The key is zeroed.</exception>
    public byte[] ToPkcs8() => PrivateKeyInfo.Write(this);

    /// <summary>The PKCS#8 form under a password: PBES2 with PBKDF2 over HMAC-SHA-256, and AES-256 in CBC (RFC 8018).</summary>
    /// <param name="password">Not empty.</param>
    /// <param name="iterations">Of PBKDF2, 1,000 to 10,000,000.</param>
    /// <exception cref="ObjectDisposedException">The key is zeroed.</exception>
    public byte[] ToEncryptedPkcs8(ReadOnlySpan<char> password, int iterations = DefaultPasswordIterations)
    {
        if (password.IsEmpty) throw new ArgumentException("An empty password protects nothing.", nameof(password));
        var plain = ToPkcs8();
        try
        {
            return EncryptedPrivateKeyInfo.Write(plain, password, iterations);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>The PKCS#8 form in PEM (RFC 7468). The caller owns, and should clear, the array.</summary>
    /// <exception cref="ObjectDisposedException">The key is zeroed.</exception>
    public char[] ToPem()
    {
        var plain = ToPkcs8();
        try
        {
            return PemEncoding.Write(PlainLabel, plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>The PKCS#8 form under a password, in PEM.</summary>
    /// <inheritdoc cref="ToEncryptedPkcs8"/>
    public string ToEncryptedPem(ReadOnlySpan<char> password, int iterations = DefaultPasswordIterations) =>
        PemEncoding.WriteString(EncryptedLabel, ToEncryptedPkcs8(password, iterations));

    /// <summary>Reads the PKCS#8 form.</summary>
    /// <exception cref="KeyFormatException">Malformed, not DER, of an algorithm that libp2p does not have, outside the accepted sizes, or with a public half that is not its own.</exception>
    public static PrivateKey FromPkcs8(ReadOnlySpan<byte> der) => PrivateKeyInfo.Read(der);

    /// <summary>Reads the PKCS#8 form under a password: PBES2 with PBKDF2, and AES in CBC.</summary>
    /// <exception cref="KeyFormatException">As for <see cref="FromPkcs8"/>; encrypted otherwise; or the password is wrong.</exception>
    public static PrivateKey FromEncryptedPkcs8(ReadOnlySpan<byte> der, ReadOnlySpan<char> password)
    {
        var plain = EncryptedPrivateKeyInfo.Open(der, password);
        try
        {
            return FromPkcs8(plain);
        }
        catch (KeyFormatException e) when (e.InnerException is AsnContentException)
        {
            // One wrong password in 256 decrypts to bytes that are padded well.
            throw new KeyFormatException("The password is not the private key's.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Reads PEM: PKCS#8, PKCS#1 (<c>RSA PRIVATE KEY</c>) or RFC 5915 (<c>EC PRIVATE KEY</c>).</summary>
    /// <param name="pem">The first PEM object in it counts; what is around it is ignored.</param>
    /// <exception cref="KeyFormatException">No PEM, another kind of object, an encrypted key, or as for <see cref="FromPkcs8"/>.</exception>
    public static PrivateKey FromPem(ReadOnlySpan<char> pem) => FromPem(pem, default);

    /// <summary>Reads PEM, also of PKCS#8 under a password.</summary>
    /// <param name="pem">The first PEM object in it counts; what is around it is ignored.</param>
    /// <param name="password">Only asked for where the key is encrypted.</param>
    /// <exception cref="KeyFormatException">No PEM, another kind of object, or as for <see cref="FromPkcs8"/> and <see cref="FromEncryptedPkcs8"/>.</exception>
    public static PrivateKey FromPem(ReadOnlySpan<char> pem, ReadOnlySpan<char> password)
    {
        if (!PemEncoding.TryFind(pem, out var found)) throw new KeyFormatException("There is no PEM in the text.");
        if (found.DecodedDataLength > 2 * PrivateKeyInfo.MaxLength) throw new KeyFormatException($"The private key has {found.DecodedDataLength} bytes, more than {2 * PrivateKeyInfo.MaxLength}.");
        var bytes = new byte[found.DecodedDataLength];
        try
        {
            if (!Convert.TryFromBase64Chars(pem[found.Base64Data], bytes, out var length)) throw new KeyFormatException("The PEM is not base64.");
            return FromLabelled(pem[found.Label], bytes.AsSpan(0, length), password);
        }
        catch (AsnContentException e)
        {
            throw new KeyFormatException("The private key is not DER.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static PrivateKey FromLabelled(ReadOnlySpan<char> label, ReadOnlySpan<byte> der, ReadOnlySpan<char> password) => label switch
    {
        PlainLabel => FromPkcs8(der),
        EncryptedLabel when password.IsEmpty => throw new KeyFormatException("The private key is encrypted; its password is needed."),
        EncryptedLabel => FromEncryptedPkcs8(der, password),
        RsaLabel => RsaPrivateKey.Read(der),
        EcLabel => Sec1.Read(der).Curve == KeyOids.Secp256k1 ? Secp256k1PrivateKey.ReadSec1(der, null) : EcdsaPrivateKey.Read(der),
        _ => throw new KeyFormatException($"The PEM holds a {label.ToString()}, not a private key."),
    };
}
