using System.Numerics;
using System.Security.Cryptography;

namespace Libp2p;

/// <summary>
/// RSA: DER SubjectPublicKeyInfo, signatures PKCS#1 1.5 over SHA-256. The size is checked before any arithmetic (CVE-2023-39533). A key with an even modulus or with
/// an exponent that is even, 1, or wider than 31 bits names a peer, but verifies nothing.
/// </summary>
internal sealed class RsaPublicKey : PublicKey
{
    public const int MinBits = 2048;
    public const int MaxBits = 8192;
    private const int MaxDerLength = (MaxBits / 8) + 1024;

    private readonly Lock _gate = new();
    private readonly byte[] _modulus;
    private readonly byte[] _exponent;
    private RSA? _rsa; // guard: _gate; imported at the first use, and kept

    private RsaPublicKey(byte[] data, byte[] modulus, byte[] exponent)
        : base(KeyType.Rsa, data) => (_modulus, _exponent) = (modulus, exponent);

    public static RsaPublicKey Read(ReadOnlySpan<byte> data)
    {
        if (data.Length > MaxDerLength) throw new KeyFormatException($"The RSA key has {data.Length} bytes, more than any of {MaxBits} bits.");
        var (modulus, exponent) = SubjectPublicKeyInfo.ReadRsa(data);
        CheckSize(modulus.Span);
        if (exponent.IsEmpty) throw new KeyFormatException("The RSA key has the exponent 0.");
        return new(data.ToArray(), modulus.ToArray(), exponent.ToArray());
    }

    /// <summary>Refuses a modulus (big-endian, without leading zeros) that is too small or too large.</summary>
    public static void CheckSize(ReadOnlySpan<byte> modulus)
    {
        var bits = modulus.IsEmpty ? 0 : (modulus.Length * 8) - (BitOperations.LeadingZeroCount(modulus[0]) - 24);
        if (bits is < MinBits or > MaxBits) throw new KeyFormatException($"The RSA key has {bits} bits; from {MinBits} to {MaxBits} are accepted.");
    }

    public override bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != _modulus.Length || !CanVerify) return false;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(message, hash);
        lock (_gate)
        {
            try
            {
                _rsa ??= RSA.Create(new RSAParameters { Modulus = _modulus, Exponent = _exponent });
                return _rsa.VerifyHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }
            catch (CryptographicException)
            {
                return false;
            }
        }
    }

    private bool CanVerify =>
        (_modulus[^1] & 1) == 1 && (_exponent[^1] & 1) == 1 && _exponent is { Length: < 4 } and not [1] or { Length: 4 } and [< 0x80, ..];
}
