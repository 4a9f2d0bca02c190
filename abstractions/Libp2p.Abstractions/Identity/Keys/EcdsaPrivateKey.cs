using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Libp2p;

/// <summary>ECDSA over a NIST curve: DER ECPrivateKey (RFC 5915, section 3). The scalar lives with the operating system's provider, which clears it.</summary>
internal sealed class EcdsaPrivateKey : PrivateKey
{
    private readonly Lock _gate = new();
    private readonly ECDsa _ecdsa; // guard: _gate
    private bool _disposed; // guard: _gate

    private EcdsaPrivateKey(ECDsa ecdsa)
        : base(EcdsaPublicKey.Read(ecdsa.ExportSubjectPublicKeyInfo())) => _ecdsa = ecdsa;

    public static EcdsaPrivateKey Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public static EcdsaPrivateKey Read(ReadOnlySpan<byte> data)
    {
        byte[]? scalar = null;
        try
        {
            scalar = ReadParts(data, out var curve, out var point);
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

    // ECPrivateKey ::= SEQUENCE { version 1, privateKey OCTET STRING, [0] curve, [1] publicKey BIT STRING OPTIONAL }
    private static byte[] ReadParts(ReadOnlySpan<byte> data, out NistCurve curve, out ECPoint point)
    {
        AsnDecoder.ReadSequence(data, AsnEncodingRules.DER, out var start, out var length, out var consumed);
        if (consumed != data.Length) throw new KeyFormatException("Bytes follow the ECDSA private key.");
        var rest = data.Slice(start, length);
        if (!AsnDecoder.TryReadInt32(rest, AsnEncodingRules.DER, out var version, out consumed) || version != 1) throw new KeyFormatException("The ECDSA private key is not of version 1.");
        rest = rest[consumed..];
        if (!AsnDecoder.TryReadPrimitiveOctetString(rest, AsnEncodingRules.DER, out var scalar, out consumed)) throw new AsnContentException();
        rest = rest[consumed..];

        AsnDecoder.ReadSequence(rest, AsnEncodingRules.DER, out start, out length, out consumed, new Asn1Tag(TagClass.ContextSpecific, 0));
        var named = rest.Slice(start, length);
        rest = rest[consumed..];
        curve = NistCurve.Find(AsnDecoder.ReadObjectIdentifier(named, AsnEncodingRules.DER, out consumed));
        if (consumed != named.Length || scalar.Length != curve.Width) throw new KeyFormatException($"The scalar of the ECDSA private key does not have {curve.Width} bytes.");

        point = default;
        if (!rest.IsEmpty)
        {
            AsnDecoder.ReadSequence(rest, AsnEncodingRules.DER, out start, out length, out consumed, new Asn1Tag(TagClass.ContextSpecific, 1));
            if (consumed != rest.Length) throw new KeyFormatException("Bytes follow the public half of the ECDSA private key.");
            var half = rest.Slice(start, length);
            if (!AsnDecoder.TryReadPrimitiveBitString(half, AsnEncodingRules.DER, out var unused, out var encoded, out consumed) || unused != 0 || consumed != half.Length)
            {
                throw new AsnContentException();
            }

            point = curve.ReadPoint(encoded);
        }

        return scalar.ToArray();
    }
}
