using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Libp2p.Security.Tls.Tests.Certificates;

/// <summary>A certificate with an identity, signed by an authority that is signed by another.</summary>
internal sealed class Chain : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddHours(-1);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Chain()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = Request("root", rootKey, authority: true).CreateSelfSigned(From, From.AddDays(3));
        using var middle = Request("middle", middleKey, authority: true).Create(root, From, From.AddDays(2), [1]);
        using var signer = middle.CopyWithPrivateKey(middleKey);
        var request = Request("leaf", _key, authority: false);
        request.CertificateExtensions.Add(Strangers.Identity(_key));
        using var leaf = request.Create(signer, From, From.AddDays(1), [2]);
        Leaf = leaf.CopyWithPrivateKey(_key);
        Above = [X509CertificateLoader.LoadCertificate(middle.RawData), X509CertificateLoader.LoadCertificate(root.RawData)];
    }

    public X509Certificate2 Leaf { get; }

    public X509Certificate2Collection Above { get; }

    public void Dispose()
    {
        _key.Dispose();
        Leaf.Dispose();
        foreach (var certificate in Above) certificate.Dispose();
    }

    private static CertificateRequest Request(string name, ECDsa key, bool authority)
    {
        var request = new CertificateRequest($"O={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, critical: true));
        return request;
    }
}
