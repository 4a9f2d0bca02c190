using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace Libp2p;

/// <summary>
/// ECDSA over secp256k1: the point compressed to 33 bytes (an uncompressed one of 65 is read, and kept compressed); signatures DER over SHA-256. Both values of s
/// verify, as everywhere in libp2p; the lower is what this side signs with.
/// </summary>
internal sealed class Secp256k1PublicKey : PublicKey
{
    private const int Compressed = 33;
    private const int Uncompressed = 65;

    private readonly ECPublicKeyParameters _key;

    private Secp256k1PublicKey(ECPublicKeyParameters key)
        : base(KeyType.Secp256k1, key.Q.GetEncoded(compressed: true)) => _key = key;

    public static ECDomainParameters Curve { get; } = MakeCurve();

    public static Secp256k1PublicKey Read(ReadOnlySpan<byte> data)
    {
        if (data is not ([2 or 3, ..] and { Length: Compressed } or [4, ..] and { Length: Uncompressed }))
        {
            throw new KeyFormatException("A secp256k1 public key is a point of 33 bytes, or of 65 uncompressed.");
        }

        try
        {
            return new(new ECPublicKeyParameters(Curve.Curve.DecodePoint(data.ToArray()), Curve));
        }
        catch (ArgumentException e)
        {
            throw new KeyFormatException("The secp256k1 key is not a point of its curve.", e);
        }
    }

    /// <summary>The point in 65 bytes.</summary>
    public byte[] ToUncompressed() => _key.Q.GetEncoded(compressed: false);

    public override bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Span<byte> pair = stackalloc byte[64];
        if (!EcdsaSignature.TryDecode(signature, pair)) return false;
        var signer = new ECDsaSigner();
        signer.Init(forSigning: false, _key);
        return signer.VerifySignature(SHA256.HashData(message), new BigInteger(1, pair[..32].ToArray()), new BigInteger(1, pair[32..].ToArray()));
    }

    private static ECDomainParameters MakeCurve()
    {
        X9ECParameters curve = CustomNamedCurves.GetByName("secp256k1");
        return new(curve.Curve, curve.G, curve.N, curve.H);
    }
}
