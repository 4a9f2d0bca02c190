using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Libp2p.Certificates;
using Libp2p.TestKit;

namespace Libp2p.Security.Tls.Tests.Certificates;

/// <summary>Certificates that a stranger may make.</summary>
public sealed class MadeCertificateTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    [Fact]
    public void Without_the_extension_it_is_refused() => Refused(Strangers.Make(), "lacks the libp2p extension");

    [Fact]
    public void The_extension_may_be_critical()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PeerCertificate.Verify(Strangers.Make(key, critical: true, extensions: [Strangers.Identity(key)])).Identity.ShouldBe(TestIdentity.Dialer.PublicKey);
    }

    [Fact]
    public void An_unknown_critical_extension_is_refused_and_one_that_is_not_critical_is_ignored()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused(Strangers.Make(key, extensions: [Strangers.Identity(key), new X509Extension("1.2.3.4", [5, 0], critical: true)]), "1.2.3.4");
        PeerCertificate.Verify(Strangers.Make(key, extensions: [Strangers.Identity(key), new X509Extension("1.2.3.4", [5, 0], critical: false)]));
        PeerCertificate.Verify(Strangers.Make(key, extensions: [Strangers.Identity(key), new X509KeyUsageExtension(X509KeyUsageFlags.CrlSign, critical: true)]));
    }

    [Fact]
    public void The_proof_of_another_key_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused(Strangers.Make(key, extensions: [Strangers.Identity(other)]), "not that key's");
    }

    [Fact]
    public void Signed_by_another_key_it_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Strangers.Identity(key));
        using var certificate = request.Create(request.SubjectName, X509SignatureGenerator.CreateForECDsa(other), Now, Now.AddDays(1), [1]);
        Refused(certificate.RawData, "not signed by its own key");
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(1536)]
    public void Row9_A_certificate_with_a_short_RSA_key_is_refused(int bits)
    {
        using var key = RSA.Create(bits);
        var request = new CertificateRequest("O=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(IdentityExtension.Create(TestIdentity.Dialer, request.PublicKey.ExportSubjectPublicKeyInfo()));
        using var certificate = request.CreateSelfSigned(Now, Now.AddDays(1));
        Refused(certificate.RawData, "2048");
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(8200)]
    public void Row9_An_identity_with_an_RSA_key_out_of_bounds_is_refused_before_any_arithmetic(int bits)
    {
        // No such key exists: the modulus is made up, and the signature is not looked at.
        var modulus = new byte[bits / 8];
        Array.Fill(modulus, (byte)0xFF);
        var info = new AsnWriter(AsnEncodingRules.DER);
        using (info.PushSequence())
        {
            using (info.PushSequence())
            {
                info.WriteObjectIdentifier("1.2.840.113549.1.1.1");
                info.WriteNull();
            }

            var numbers = new AsnWriter(AsnEncodingRules.DER);
            using (numbers.PushSequence())
            {
                numbers.WriteIntegerUnsigned(modulus);
                numbers.WriteInteger(65537);
            }

            info.WriteBitString(numbers.Encode());
        }

        var der = info.Encode();
        byte[] protobuf = [0x08, 0x00, 0x12, (byte)(0x80 | (der.Length & 0x7F)), (byte)(der.Length >> 7), .. der];
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused(Strangers.Make(key, extensions: [Strangers.Extension(protobuf, new byte[bits / 8])]), "cannot be used");
    }

    [Fact]
    public void Garbage_in_the_extension_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused(Strangers.Make(key, extensions: [new X509Extension(IdentityExtension.Oid, [1, 2, 3], critical: false)]), "malformed");
        Refused(Strangers.Make(key, extensions: [Strangers.Extension([], [])]), "cannot be used");
        Refused(Strangers.Make(key, extensions: [Strangers.Extension(TestIdentity.Dialer.PublicKey.Protobuf.Span, [])]), "not that key's");
    }

    private static void Refused(byte[] der, string why) => Should.Throw<PeerCertificateException>(() => PeerCertificate.Verify(der)).Message.ShouldContain(why);
}
