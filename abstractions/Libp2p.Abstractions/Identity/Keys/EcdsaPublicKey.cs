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
        var curve = NistCurve.Find(oid);
        var point = curve.ReadPoint(encoded.Span);
        try
        {
            // The import refuses points that are not on the curve.
            return new(data.ToArray(), ECDsa.Create(new ECParameters { Curve = curve.Curve, Q = point }), curve.Width);
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
