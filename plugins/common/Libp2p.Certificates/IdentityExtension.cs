using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Libp2p.Certificates;

/// <summary>
/// The certificate extension that carries a libp2p identity (libp2p/specs, tls, "libp2p Public Key Extension"): the public key in protobuf form, and its signature over
/// the key of the certificate.
/// </summary>
/// <remarks>
/// <code>
/// SignedKey ::= SEQUENCE {
///   publicKey OCTET STRING,
///   signature OCTET STRING      over "libp2p-tls-handshake:" and the SubjectPublicKeyInfo in DER
/// }
/// </code>
/// </remarks>
internal static class IdentityExtension
{
    public const string Oid = "1.3.6.1.4.1.53594.1.1";

    private static ReadOnlySpan<byte> SignedPrefix => "libp2p-tls-handshake:"u8;

    /// <summary>The extension that says that a certificate key is this identity's.</summary>
    public static X509Extension Create(NodeIdentity identity, ReadOnlySpan<byte> certificateKey)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteOctetString(identity.PublicKey.Protobuf.Span);
            writer.WriteOctetString(identity.Key.Sign(Message(certificateKey)));
        }

        return new X509Extension(Oid, writer.Encode(), critical: false);
    }

    /// <summary>Reads the extension's value and checks the signature.</summary>
    /// <exception cref="PeerCertificateException">It proves nothing.</exception>
    public static PublicKey Verify(ReadOnlyMemory<byte> value, ReadOnlySpan<byte> certificateKey)
    {
        ReadOnlyMemory<byte> identity, signature;
        try
        {
            var reader = new AsnReader(value, AsnEncodingRules.DER);
            var signedKey = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            identity = signedKey.ReadOctetString();
            signature = signedKey.ReadOctetString();
            signedKey.ThrowIfNotEmpty();
        }
        catch (AsnContentException e)
        {
            throw new PeerCertificateException("The libp2p extension of the remote's certificate is malformed.", e);
        }

        PublicKey key;
        try
        {
            key = PublicKey.FromProtobuf(identity.Span);
        }
        catch (KeyFormatException e)
        {
            throw new PeerCertificateException($"The identity key in the remote's certificate cannot be used: {e.Message}", e);
        }

        return key.Verify(Message(certificateKey), signature.Span)
            ? key
            : throw new PeerCertificateException($"The remote claims to be {key.PeerId}, but the signature over the key of its certificate is not that key's.");
    }

    private static byte[] Message(ReadOnlySpan<byte> certificateKey) => [.. SignedPrefix, .. certificateKey];
}
