using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Libp2p.Certificates;

/// <summary>Makes the certificates by which a node proves its identity.</summary>
public static class OwnCertificate
{
    /// <summary>How long before its making a certificate is valid, so that a remote whose clock is behind takes it.</summary>
    public static readonly TimeSpan Backdated = TimeSpan.FromHours(1);

    /// <summary>
    /// A self-signed certificate over a fresh P-256 key that the identity has signed. The key never leaves the process. The caller disposes it.
    /// </summary>
    /// <param name="identity">Whose it is.</param>
    /// <param name="now">The node's time.</param>
    /// <param name="lifetime">How long it is valid from now on.</param>
    public static X509Certificate2 Create(NodeIdentity identity, DateTimeOffset now, TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(identity);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=libp2p.io", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(IdentityExtension.Create(identity, request.PublicKey.ExportSubjectPublicKeyInfo()));
        var certificate = request.CreateSelfSigned(now - Backdated, now + lifetime);
        if (!OperatingSystem.IsWindows()) return certificate;

        // Schannel takes no key that it has not stored itself.
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
    }
}
