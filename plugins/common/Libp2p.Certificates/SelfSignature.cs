using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Libp2p.Certificates;

/// <summary>
/// The signature of a certificate by its own key, in the schemes that TLS 1.3 has for certificates (RFC 8446, section 4.2.3), but for Ed448: RSA PKCS #1 and PSS of 2048 to 8192 bits, ECDSA
/// on the curve that goes with the hash, Ed25519.
/// </summary>
internal static class SelfSignature
{
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string Pss = "1.2.840.113549.1.1.10";
    private const string Mgf1 = "1.2.840.113549.1.1.8";
    private const string Ed25519 = "1.3.101.112";

    private static readonly Asn1Tag PssHash = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag PssMask = new(TagClass.ContextSpecific, 1, isConstructed: true);
    private static readonly Asn1Tag PssSalt = new(TagClass.ContextSpecific, 2, isConstructed: true);

    /// <exception cref="PeerCertificateException">Not signed by its own key, or in a way that is not known.</exception>
    public static void Check(CertificateFields certificate)
    {
        bool holds;
        try
        {
            holds = Holds(certificate);
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException or KeyFormatException)
        {
            throw new PeerCertificateException($"The key or the signature of the remote's certificate cannot be used: {e.Message}", e);
        }

        if (!holds) throw new PeerCertificateException("The remote's certificate is not signed by its own key.");
    }

    private static bool Holds(CertificateFields certificate)
    {
        var reader = new AsnReader(certificate.Algorithm, AsnEncodingRules.DER).ReadSequence();
        var algorithm = reader.ReadObjectIdentifier();
        switch (algorithm)
        {
            case "1.2.840.10045.4.3.2": return Ecdsa(certificate, reader, "1.2.840.10045.3.1.7", HashAlgorithmName.SHA256);
            case "1.2.840.10045.4.3.3": return Ecdsa(certificate, reader, "1.3.132.0.34", HashAlgorithmName.SHA384);
            case "1.2.840.10045.4.3.4": return Ecdsa(certificate, reader, "1.3.132.0.35", HashAlgorithmName.SHA512);
            case "1.2.840.113549.1.1.11": return Pkcs1(certificate, reader, HashAlgorithmName.SHA256);
            case "1.2.840.113549.1.1.12": return Pkcs1(certificate, reader, HashAlgorithmName.SHA384);
            case "1.2.840.113549.1.1.13": return Pkcs1(certificate, reader, HashAlgorithmName.SHA512);
            case Pss: return Rsa(certificate, ReadPss(reader), RSASignaturePadding.Pss);
            case Ed25519: return EdDsa(certificate, reader);
            default: throw new PeerCertificateException($"The remote's certificate is signed with the algorithm {algorithm}, which is not known here.");
        }
    }

    private static bool Ecdsa(CertificateFields certificate, AsnReader parameters, string curve, HashAlgorithmName hash)
    {
        parameters.ThrowIfNotEmpty();
        var algorithm = KeyAlgorithm(certificate, out _);
        if (algorithm.ReadObjectIdentifier() != EcPublicKey || algorithm.ReadObjectIdentifier() != curve)
        {
            throw new PeerCertificateException($"The remote's certificate is signed with {hash} by a key that does not go with it.");
        }

        algorithm.ThrowIfNotEmpty();
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(certificate.Key.Span, out _);
        return key.VerifyData(certificate.ToBeSigned.Span, certificate.Signature.Span, hash, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static bool Pkcs1(CertificateFields certificate, AsnReader parameters, HashAlgorithmName hash)
    {
        if (parameters.HasData) parameters.ReadNull();
        parameters.ThrowIfNotEmpty();
        return Rsa(certificate, hash, RSASignaturePadding.Pkcs1);
    }

    private static bool Rsa(CertificateFields certificate, HashAlgorithmName hash, RSASignaturePadding padding)
    {
        // Its size is refused before any arithmetic.
        _ = PublicKey.FromData(KeyType.Rsa, certificate.Key.Span);
        using var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(certificate.Key.Span, out _);
        return key.VerifyData(certificate.ToBeSigned.Span, certificate.Signature.Span, hash, padding);
    }

    private static bool EdDsa(CertificateFields certificate, AsnReader parameters)
    {
        parameters.ThrowIfNotEmpty();
        var algorithm = KeyAlgorithm(certificate, out var key);
        if (algorithm.ReadObjectIdentifier() != Ed25519) throw new PeerCertificateException("The remote's certificate is signed with Ed25519 by a key of another kind.");
        algorithm.ThrowIfNotEmpty();
        return PublicKey.FromData(KeyType.Ed25519, key.Span).Verify(certificate.ToBeSigned.Span, certificate.Signature.Span);
    }

    /// <summary>As TLS 1.3 has it: one hash for the message and the mask, a salt of its length.</summary>
    private static HashAlgorithmName ReadPss(AsnReader parameters)
    {
        var pss = parameters.ReadSequence();
        parameters.ThrowIfNotEmpty();
        var (name, length) = ReadHash(pss.ReadSequence(PssHash));
        var mask = pss.ReadSequence(PssMask).ReadSequence();
        if (mask.ReadObjectIdentifier() != Mgf1 || ReadHash(mask).Name != name || !pss.ReadSequence(PssSalt).TryReadInt32(out var salt) || salt != length)
        {
            throw new PeerCertificateException("The parameters of the RSA-PSS signature of the remote's certificate are not those of TLS 1.3.");
        }

        pss.ThrowIfNotEmpty();
        return name;
    }

    private static (HashAlgorithmName Name, int Length) ReadHash(AsnReader reader)
    {
        var hash = reader.ReadSequence();
        return hash.ReadObjectIdentifier() switch
        {
            "2.16.840.1.101.3.4.2.1" => (HashAlgorithmName.SHA256, SHA256.HashSizeInBytes),
            "2.16.840.1.101.3.4.2.2" => (HashAlgorithmName.SHA384, SHA384.HashSizeInBytes),
            "2.16.840.1.101.3.4.2.3" => (HashAlgorithmName.SHA512, SHA512.HashSizeInBytes),
            var other => throw new PeerCertificateException($"The remote's certificate is signed over the hash {other}, which is not known here."),
        };
    }

    private static AsnReader KeyAlgorithm(CertificateFields certificate, out ReadOnlyMemory<byte> key)
    {
        var info = new AsnReader(certificate.Key, AsnEncodingRules.DER).ReadSequence();
        var algorithm = info.ReadSequence();
        if (!info.TryReadPrimitiveBitString(out var unused, out key) || unused != 0) throw new AsnContentException("The key is not a whole number of bytes.");
        info.ThrowIfNotEmpty();
        return algorithm;
    }
}
