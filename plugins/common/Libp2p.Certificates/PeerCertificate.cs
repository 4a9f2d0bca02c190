namespace Libp2p.Certificates;

/// <summary>
/// A remote's certificate that was found to prove an identity (libp2p/specs, tls, "Peer Authentication"): signed by its own key, which the identity has signed. Immutable. Whether the
/// remote has the certificate's private key is what the TLS handshake shows.
/// </summary>
public sealed class PeerCertificate
{
    /// <summary>The longest certificate that is read, in bytes: one with RSA keys of 8192 bits has 5 KiB.</summary>
    public const int MaxSize = 16 * 1024;

    private PeerCertificate(PublicKey identity, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        Identity = identity;
        NotBefore = notBefore;
        NotAfter = notAfter;
    }

    /// <summary>The identity that it proves.</summary>
    public PublicKey Identity { get; }

    /// <summary>Valid from here.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>Valid up to here, included.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>Reads a certificate in DER and checks both signatures; not the time.</summary>
    /// <exception cref="PeerCertificateException">It proves nothing.</exception>
    public static PeerCertificate Verify(ReadOnlyMemory<byte> der)
    {
        if (der.Length > MaxSize) throw new PeerCertificateException($"The remote's certificate has {der.Length} bytes, over the limit of {MaxSize}.");
        var fields = CertificateFields.Read(der);
        SelfSignature.Check(fields);
        return new PeerCertificate(IdentityExtension.Verify(fields.Identity, fields.Key.Span), fields.NotBefore, fields.NotAfter);
    }

    /// <summary>Fails where it is not valid at a time.</summary>
    /// <exception cref="PeerCertificateException">Not yet, or no more.</exception>
    public void CheckTime(DateTimeOffset now)
    {
        if (now < NotBefore) throw new PeerCertificateException($"The remote's certificate is valid from {NotBefore:u} only; here it is {now:u}. Set the clocks of both machines.");
        if (now > NotAfter) throw new PeerCertificateException($"The remote's certificate has expired at {NotAfter:u}; here it is {now:u}. Set the clocks of both machines, or restart the remote.");
    }
}
