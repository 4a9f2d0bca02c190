using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace Libp2p;

/// <summary>ECDSA over secp256k1: the scalar in 32 bytes. Signs deterministically (RFC 6979), with the lower s.</summary>
internal sealed class Secp256k1PrivateKey : PrivateKey
{
    private const int Size = 32;

    private readonly Secret _scalar;

    private Secp256k1PrivateKey(ReadOnlySpan<byte> scalar, PublicKey publicKey)
        : base(publicKey) => _scalar = new Secret(scalar);

    internal byte[] SecretStorage => _scalar.Storage;

    public static Secp256k1PrivateKey Generate()
    {
        Span<byte> scalar = stackalloc byte[Size];
        try
        {
            do RandomNumberGenerator.Fill(scalar);
            while (!IsScalar(scalar));
            return Read(scalar);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    public static Secp256k1PrivateKey Read(ReadOnlySpan<byte> data)
    {
        if (data.Length != Size) throw new KeyFormatException($"A secp256k1 private key has {Size} bytes, not {data.Length}.");
        if (!IsScalar(data)) throw new KeyFormatException("The secp256k1 private key is zero, or not below the order of the curve.");
        var point = Secp256k1PublicKey.Curve.G.Multiply(ToNumber(data)).Normalize();
        return new(data, Secp256k1PublicKey.Read(point.GetEncoded(compressed: true)));
    }

    /// <summary>Reads an ECPrivateKey (RFC 5915).</summary>
    /// <param name="data">The key.</param>
    /// <param name="named">The curve that is said around it; null: the key itself must say it.</param>
    public static Secp256k1PrivateKey ReadSec1(ReadOnlySpan<byte> data, string? named)
    {
        var parts = Sec1.Read(data);
        if ((parts.Curve ?? named) != KeyOids.Secp256k1) throw new KeyFormatException("The elliptic-curve private key is not of secp256k1.");
        var key = Read(parts.Scalar);
        if (parts.Point.IsEmpty || Secp256k1PublicKey.Read(parts.Point).Equals(key.PublicKey)) return key;
        key.Dispose();
        throw new KeyFormatException("The secp256k1 private key carries a public key that is not its own.");
    }

    public override byte[] Sign(ReadOnlySpan<byte> message)
    {
        var hash = SHA256.HashData(message);
        return _scalar.Use(hash, static (scalar, hash) =>
        {
            var curve = Secp256k1PublicKey.Curve;
            var signer = new ECDsaSigner(new HMacDsaKCalculator(new Sha256Digest()));
            signer.Init(forSigning: true, new ECPrivateKeyParameters(ToNumber(scalar), curve));
            var pair = signer.GenerateSignature(hash);
            var s = pair[1].CompareTo(curve.N.ShiftRight(1)) > 0 ? curve.N.Subtract(pair[1]) : pair[1];
            return EcdsaSignature.Encode(pair[0].ToByteArrayUnsigned(), s.ToByteArrayUnsigned());
        });
    }

    public override byte[] ToProtobuf() => _scalar.Use(0, static (scalar, _) => KeyProtobuf.EncodePrivate(KeyType.Secp256k1, scalar.ToArray()));

    protected override void Dispose(bool disposing)
    {
        if (disposing) _scalar.Dispose();
    }

    private static bool IsScalar(ReadOnlySpan<byte> bytes)
    {
        var number = ToNumber(bytes);
        return number.SignValue > 0 && number.CompareTo(Secp256k1PublicKey.Curve.N) < 0;
    }

    private static BigInteger ToNumber(ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        var number = new BigInteger(1, copy);
        CryptographicOperations.ZeroMemory(copy);
        return number;
    }
}
