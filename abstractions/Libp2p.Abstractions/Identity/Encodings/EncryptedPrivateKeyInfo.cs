using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Libp2p;

/// <summary>
/// PKCS#8 under a password (RFC 5208; PBES2 of RFC 8018): the key is derived by PBKDF2, the cipher is AES in CBC. Written with HMAC-SHA-256 and AES-256; read with any SHA of .NET and any AES. A wrong
/// password is told by what it decrypts to.
/// </summary>
internal static class EncryptedPrivateKeyInfo
{
    public const int DefaultIterations = 600_000;
    public const int MinIterations = 1000;
    public const int MaxIterations = 10_000_000;

    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";
    private const string HmacSha1 = "1.2.840.113549.2.7";
    private const string HmacSha256 = "1.2.840.113549.2.9";
    private const string HmacSha384 = "1.2.840.113549.2.10";
    private const string HmacSha512 = "1.2.840.113549.2.11";
    private const string Aes128 = "2.16.840.1.101.3.4.1.2";
    private const string Aes192 = "2.16.840.1.101.3.4.1.22";
    private const string Aes256 = "2.16.840.1.101.3.4.1.42";
    private const int SaltSize = 16;
    private const int MaxSaltSize = 1024;
    private const int BlockSize = 16;
    private const int KeySize = 32;

    /// <param name="plain">A PKCS#8 key; not zeroed.</param>
    /// <param name="password">UTF-8 of it goes into the derivation.</param>
    /// <param name="iterations">Of the derivation.</param>
    public static byte[] Write(ReadOnlySpan<byte> plain, ReadOnlySpan<char> password, int iterations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, MinIterations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, MaxIterations);
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var iv = RandomNumberGenerator.GetBytes(BlockSize);
        var cipher = Crypt(plain, password, salt, iterations, HashAlgorithmName.SHA256, KeySize, iv, encrypt: true);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Pbes2);
                using (writer.PushSequence())
                {
                    using (writer.PushSequence()) WriteDerivation(writer, salt, iterations);
                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier(Aes256);
                        writer.WriteOctetString(iv);
                    }
                }
            }

            writer.WriteOctetString(cipher);
        }

        return writer.Encode();
    }

    /// <summary>Decrypts; the caller owns, and should zero, the array.</summary>
    /// <param name="der">The key.</param>
    /// <param name="password">The password.</param>
    /// <param name="maxIterations">More are refused before any is made.</param>
    /// <exception cref="KeyFormatException">Not such a key, encrypted otherwise, or the password is wrong.</exception>
    public static byte[] Open(ReadOnlySpan<byte> der, ReadOnlySpan<char> password, int maxIterations = MaxIterations)
    {
        if (der.Length > 2 * PrivateKeyInfo.MaxLength) throw new KeyFormatException($"The private key has {der.Length} bytes, more than {2 * PrivateKeyInfo.MaxLength}.");
        try
        {
            var reader = new AsnReader(der.ToArray(), AsnEncodingRules.DER);
            var outer = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            var algorithm = outer.ReadSequence();
            var cipher = outer.ReadOctetString();
            outer.ThrowIfNotEmpty();
            Require(algorithm.ReadObjectIdentifier() == Pbes2, "its scheme is not PBES2");
            var scheme = algorithm.ReadSequence();
            algorithm.ThrowIfNotEmpty();
            var (salt, iterations, length, hash) = ReadDerivation(scheme.ReadSequence(), maxIterations);
            var (keySize, iv) = ReadCipher(scheme.ReadSequence());
            scheme.ThrowIfNotEmpty();
            Require(length is null || length == keySize, "its key is of another length than its cipher's");
            return Crypt(cipher, password, salt, iterations, hash, keySize, iv, encrypt: false);
        }
        catch (AsnContentException e)
        {
            throw new KeyFormatException("The private key is not an encrypted one of PKCS#8 in DER.", e);
        }
        catch (CryptographicException e)
        {
            throw new KeyFormatException("The password is not the private key's.", e);
        }
    }

    private static void WriteDerivation(AsnWriter writer, byte[] salt, int iterations)
    {
        writer.WriteObjectIdentifier(Pbkdf2);
        using (writer.PushSequence())
        {
            writer.WriteOctetString(salt);
            writer.WriteInteger(iterations);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(HmacSha256);
                writer.WriteNull();
            }
        }
    }

    private static (byte[] Salt, int Iterations, int? Length, HashAlgorithmName Hash) ReadDerivation(AsnReader derivation, int maxIterations)
    {
        Require(derivation.ReadObjectIdentifier() == Pbkdf2, "its key derivation is not PBKDF2");
        var parameters = derivation.ReadSequence();
        derivation.ThrowIfNotEmpty();
        var salt = parameters.ReadOctetString();
        Require(salt.Length is > 0 and <= MaxSaltSize, $"its salt does not have 1 to {MaxSaltSize} bytes");
        Require(parameters.TryReadInt32(out var iterations) && iterations >= 1 && iterations <= maxIterations, $"its iterations are not 1 to {maxIterations}");
        int? length = null;
        if (parameters.HasData && parameters.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
        {
            Require(parameters.TryReadInt32(out var said), "its key length is none");
            length = said;
        }

        if (!parameters.HasData) return (salt, iterations, length, HashAlgorithmName.SHA1);
        var prf = parameters.ReadSequence();
        parameters.ThrowIfNotEmpty();
        var hash = prf.ReadObjectIdentifier() switch
        {
            HmacSha1 => HashAlgorithmName.SHA1,
            HmacSha256 => HashAlgorithmName.SHA256,
            HmacSha384 => HashAlgorithmName.SHA384,
            HmacSha512 => HashAlgorithmName.SHA512,
            _ => throw new KeyFormatException("The encrypted private key cannot be read: its key derivation has a hash that is not known."),
        };
        if (prf.HasData) prf.ReadNull();
        prf.ThrowIfNotEmpty();
        return (salt, iterations, length, hash);
    }

    private static (int KeySize, byte[] Iv) ReadCipher(AsnReader cipher)
    {
        var keySize = cipher.ReadObjectIdentifier() switch
        {
            Aes128 => 16,
            Aes192 => 24,
            Aes256 => 32,
            _ => throw new KeyFormatException("The encrypted private key cannot be read: its cipher is not AES in CBC."),
        };
        var iv = cipher.ReadOctetString();
        cipher.ThrowIfNotEmpty();
        Require(iv.Length == BlockSize, $"its initial block does not have {BlockSize} bytes");
        return (keySize, iv);
    }

    private static byte[] Crypt(
        ReadOnlySpan<byte> input, ReadOnlySpan<char> password, byte[] salt, int iterations, HashAlgorithmName hash, int keySize, byte[] iv, bool encrypt)
    {
        Span<byte> key = stackalloc byte[KeySize];
        key = key[..keySize];
        try
        {
            Rfc2898DeriveBytes.Pbkdf2(password, salt, key, iterations, hash);
            using var aes = Aes.Create();
            aes.SetKey(key);
            return encrypt ? aes.EncryptCbc(input, iv) : aes.DecryptCbc(input, iv);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition) throw new KeyFormatException($"The encrypted private key cannot be read: {otherwise}.");
    }
}
