using System.Security.Cryptography;

namespace Libp2p;

/// <summary>ECDSA over P-256, P-384 or P-521: DER SubjectPublicKeyInfo with an uncompressed point on the curve; signatures DER over SHA-256.</summary>
internal sealed class EcdsaPublicKey : PublicKey
{
    private readonly Lock _gate = new();
    private readonly ECDsa _ecdsa; // guard: _gate
    private readonly int _width;

    private EcdsaPublicKey(byte[] data, ECDsa ecdsa, int width)
        : base(KeyType.Ecdsa, data) => (_ecdsa, _width) = (ecdsa, width);

    public static EcdsaPublicKey Read(ReadOnlySpan<byte> data)
    {
        var (oid, encoded) = SubjectPublicKeyInfo.ReadEc(data);
        var (curve, width) = oid switch
        {
            "1.2.840.10045.3.1.7" => (ECCurve.NamedCurves.nistP256, 32),
            "1.3.132.0.34" => (ECCurve.NamedCurves.nistP384, 48),
            "1.3.132.0.35" => (ECCurve.NamedCurves.nistP521, 66),
            _ => throw new KeyFormatException($"The curve {oid} is not among P-256, P-384 and P-521."),
        };
        var point = encoded.Span;
        if (point.Length != 1 + (2 * width) || point[0] != 4) throw new KeyFormatException("The ECDSA key is not an uncompressed point of its curve.");
        try
        {
            // The import refuses points that are not on the curve.
            var q = new ECPoint { X = point.Slice(1, width).ToArray(), Y = point[(1 + width)..].ToArray() };
            return new(data.ToArray(), ECDsa.Create(new ECParameters { Curve = curve, Q = q }), width);
        }
        catch (CryptographicException e)
        {
            throw new KeyFormatException("The ECDSA key is not a point of its curve.", e);
        }
    }

    public override bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Span<byte> pair = stackalloc byte[2 * _width];
        if (!EcdsaSignature.TryDecode(signature, pair)) return false;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(message, hash);
        lock (_gate)
        {
            try
            {
                return _ecdsa.VerifyHash(hash, pair);
            }
            catch (CryptographicException)
            {
                return false;
            }
        }
    }
}
