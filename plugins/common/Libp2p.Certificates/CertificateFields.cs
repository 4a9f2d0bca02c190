using System.Formats.Asn1;

namespace Libp2p.Certificates;

/// <summary>
/// What is read of a certificate (RFC 5280, section 4.1), in DER. Strict: version 3, lengths that are minimal, no extension twice, none that is critical and unknown, nothing behind the end.
/// </summary>
/// <param name="ToBeSigned">What the signature is over.</param>
/// <param name="Key">The SubjectPublicKeyInfo.</param>
/// <param name="Algorithm">The AlgorithmIdentifier of the signature.</param>
/// <param name="Signature">The signature.</param>
/// <param name="Identity">The value of the libp2p extension.</param>
/// <param name="NotBefore">Valid from here.</param>
/// <param name="NotAfter">Valid up to here, included.</param>
internal sealed record CertificateFields(
    ReadOnlyMemory<byte> ToBeSigned,
    ReadOnlyMemory<byte> Key,
    ReadOnlyMemory<byte> Algorithm,
    ReadOnlyMemory<byte> Signature,
    ReadOnlyMemory<byte> Identity,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter)
{
    private const int Version3 = 2;

    private static readonly Asn1Tag VersionTag = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag IssuerIdTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag SubjectIdTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 3, isConstructed: true);

    /// <summary>Extensions that may be critical: key usage, basic constraints, extended key usage, alternative names. What they say binds authorities, of which there are none here.</summary>
    private static readonly string[] Understood = ["2.5.29.15", "2.5.29.19", "2.5.29.37", "2.5.29.17", IdentityExtension.Oid];

    /// <exception cref="PeerCertificateException">Not such a certificate.</exception>
    public static CertificateFields Read(ReadOnlyMemory<byte> der)
    {
        try
        {
            return ReadCertificate(new AsnReader(der, AsnEncodingRules.DER));
        }
        catch (AsnContentException e)
        {
            throw new PeerCertificateException("The remote's certificate is not an X.509 certificate in DER.", e);
        }
    }

    private static CertificateFields ReadCertificate(AsnReader reader)
    {
        var certificate = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var toBeSigned = certificate.PeekEncodedValue();
        var body = certificate.ReadSequence();
        var algorithm = certificate.ReadEncodedValue();
        var signature = ReadBytes(certificate);
        certificate.ThrowIfNotEmpty();

        var version = body.ReadSequence(VersionTag);
        if (!version.TryReadInt32(out var number) || number != Version3) throw new PeerCertificateException("The remote's certificate is not of X.509 version 3.");
        version.ThrowIfNotEmpty();
        _ = body.ReadIntegerBytes();
        if (!body.ReadEncodedValue().Span.SequenceEqual(algorithm.Span)) throw new PeerCertificateException("The remote's certificate names two signature algorithms.");
        _ = body.ReadSequence();
        var validity = body.ReadSequence();
        var (notBefore, notAfter) = (ReadTime(validity), ReadTime(validity));
        validity.ThrowIfNotEmpty();
        _ = body.ReadSequence();
        var key = body.ReadEncodedValue();
        SkipIf(body, IssuerIdTag);
        SkipIf(body, SubjectIdTag);
        var identity = ReadExtensions(body);
        body.ThrowIfNotEmpty();
        return new CertificateFields(toBeSigned, key, algorithm, signature, identity, notBefore, notAfter);
    }

    private static ReadOnlyMemory<byte> ReadExtensions(AsnReader body)
    {
        ReadOnlyMemory<byte>? identity = null;
        if (body.HasData)
        {
            var wrapper = body.ReadSequence(ExtensionsTag);
            var extensions = wrapper.ReadSequence();
            wrapper.ThrowIfNotEmpty();
            var seen = new HashSet<string>();
            while (extensions.HasData)
            {
                var extension = extensions.ReadSequence();
                var oid = extension.ReadObjectIdentifier();
                var critical = extension.PeekTag() == Asn1Tag.Boolean && extension.ReadBoolean();
                var value = extension.ReadOctetString();
                extension.ThrowIfNotEmpty();
                if (!seen.Add(oid)) throw new PeerCertificateException($"The remote's certificate has the extension {oid} twice.");
                if (critical && !Understood.Contains(oid)) throw new PeerCertificateException($"The remote's certificate has the critical extension {oid}, which is not known here.");
                if (oid == IdentityExtension.Oid) identity = value;
            }
        }

        return identity ?? throw new PeerCertificateException("The remote's certificate does not say which peer it is of: it lacks the libp2p extension.");
    }

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    private static ReadOnlyMemory<byte> ReadBytes(AsnReader reader) =>
        reader.TryReadPrimitiveBitString(out var unused, out var bytes) && unused == 0 ? bytes : throw new AsnContentException("A signature is not a whole number of bytes.");

    private static void SkipIf(AsnReader reader, Asn1Tag tag)
    {
        if (reader.HasData && reader.PeekTag().HasSameClassAndValue(tag)) _ = reader.ReadEncodedValue();
    }
}
