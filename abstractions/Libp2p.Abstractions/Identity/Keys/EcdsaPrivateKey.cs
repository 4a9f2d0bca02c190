using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Libp2p;

/// <summary>ECDSA over a NIST curve: DER ECPrivateKey (RFC 5915, section 3). The scalar lives with the operating system's provider, which clears it.</summary>
internal sealed class EcdsaPrivateKey : PrivateKey
{
    private const int DefaultBits = 256;

    private readonly Lock _gate = new();
    private readonly ECDsa _ecdsa; // guard: _gate
    private bool _disposed; // guard: _gate

    private EcdsaPrivateKey(ECDsa ecdsa)
        : base(EcdsaPublicKey.Read(ecdsa.ExportSubjectPublicKeyInfo())) => _ecdsa = ecdsa;

    /// <param name="bits">256, 384 or 521.</param>
    public static EcdsaPrivateKey Generate(int bits = DefaultBits) => new(ECDsa.Create(NistCurve.Of(bits).Curve));

    public static EcdsaPrivateKey Read(ReadOnlySpan<byte> data) => Read(data, null);

    /// <param name="data">The key.</param>
    /// <param name="named">The curve that is said around it; null: the key itself must say it.</param>
    public static EcdsaPrivateKey Read(ReadOnlySpan<byte> data, string? named)
    {
        byte[]? scalar = null;
        try
        {
            var parts = Sec1.Read(data);
            if (parts.Curve is not null && named is not null && parts.Curve != named) throw new KeyFormatException("The ECDSA private key is said to be of two curves.");
            var curve = NistCurve.Find(parts.Curve ?? named ?? throw new KeyFormatException("The ECDSA private key does not say its curve."));
            if (parts.Scalar.Length != curve.Width) throw new KeyFormatException($"The scalar of the ECDSA private key does not have {curve.Width} bytes.");
            var point = parts.Point.IsEmpty ? default : curve.ReadPoint(parts.Point);
            scalar = parts.Scalar.ToArray();
            var key = new EcdsaPrivateKey(ECDsa.Create(new ECParameters { Curve = curve.Curve, D = scalar, Q = point }));
            KeyPair.Check(key);
            return key;
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            throw new KeyFormatException("The ECDSA private key is not an ECPrivateKey in DER.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    public override byte[] Sign(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(PrivateKey));
            return _ecdsa.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    public override byte[] ToProtobuf()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(PrivateKey));
            return KeyProtobuf.EncodePrivate(KeyType.Ecdsa, _ecdsa.ExportECPrivateKey());
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        lock (_gate)
        {
            _disposed = true;
            _ecdsa.Dispose();
        }
    }
}
