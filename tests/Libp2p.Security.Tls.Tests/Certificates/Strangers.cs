using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Libp2p.Certificates;
using Libp2p.TestKit;

namespace Libp2p.Security.Tls.Tests.Certificates;

/// <summary>Makes certificates that are not as they should be.</summary>
internal static class Strangers
{
    public static byte[] Make(ECDsa? key = null, bool critical = false, params X509Extension[] extensions)
    {
        using var certificate = MakeWithKey(key, new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero), critical, extensions);
        return certificate.RawData;
    }

    public static X509Certificate2 MakeWithKey(ECDsa? key, DateTimeOffset now, bool critical = false, params X509Extension[] extensions)
    {
        using var fresh = key is null ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
        var request = new CertificateRequest("O=test", key ?? fresh!, HashAlgorithmName.SHA256);
        foreach (var extension in extensions)
        {
            if (critical) extension.Critical = true;
            request.CertificateExtensions.Add(extension);
        }

        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }

    /// <summary>The dialer's identity for a key.</summary>
    public static X509Extension Identity(ECDsa key) => IdentityExtension.Create(TestIdentity.Dialer, key.ExportSubjectPublicKeyInfo());

    public static X509Extension Extension(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteOctetString(identity);
            writer.WriteOctetString(signature);
        }

        return new X509Extension(IdentityExtension.Oid, writer.Encode(), critical: false);
    }
}
