using Libp2p.Certificates;
using Libp2p.TestKit;

namespace Libp2p.Security.Tls.Tests.Certificates;

public sealed class PeerCertificateTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    [Theory]
    [InlineData(1, KeyType.Ed25519)]
    [InlineData(2, KeyType.Ecdsa)]
    [InlineData(3, KeyType.Secp256k1)]
    public void The_vectors_of_the_specification_prove_their_peers(int number, KeyType type)
    {
        var certificate = PeerCertificate.Verify(Vectors.SpecDer(number));
        certificate.Identity.PeerId.ToString().ShouldBe(Vectors.Spec(number).GetProperty("peer_id").GetString());
        certificate.Identity.Type.ShouldBe(type);
        certificate.CheckTime(Now);
    }

    [Fact]
    public void Row14_The_vector_signed_by_another_key_is_refused() =>
        Should.Throw<PeerCertificateException>(() => PeerCertificate.Verify(Vectors.SpecDer(4))).Message.ShouldContain("not that key's");

    [Theory]
    [InlineData("ed25519")]
    [InlineData("nistp256_sha256")]
    [InlineData("nistp384_sha384")]
    [InlineData("nistp521_sha512")]
    [InlineData("rsa_pkcs1_sha256")]
    [InlineData("rsa_pkcs1_sha384")]
    [InlineData("rsa_pkcs1_sha512")]
    [InlineData("rsa_pss_sha384")]
    public void A_certificate_in_each_scheme_of_TLS_has_its_own_signature_checked(string name)
    {
        var der = Vectors.Rust(name);
        SelfSignature.Check(CertificateFields.Read(der));
        der[^1] ^= 1;
        Should.Throw<PeerCertificateException>(() => SelfSignature.Check(CertificateFields.Read(der)));
    }

    [Theory]
    [InlineData("ed448", "not known here")]
    [InlineData("nistp384_sha256", "does not go with it")]
    public void Schemes_that_TLS_does_not_have_or_nobody_here_verifies_are_refused(string name, string why) =>
        Should.Throw<PeerCertificateException>(() => PeerCertificate.Verify(Vectors.Rust(name))).Message.ShouldContain(why);

    [Theory]
    [InlineData(KeyType.Ed25519)]
    [InlineData(KeyType.Secp256k1)]
    [InlineData(KeyType.Ecdsa)]
    [InlineData(KeyType.Rsa)]
    public void What_is_made_here_is_verified_here(KeyType type)
    {
        using var key = PrivateKey.Generate(type);
        var identity = new NodeIdentity(key);
        using var certificate = OwnCertificate.Create(identity, Now, TimeSpan.FromDays(1));
        var read = PeerCertificate.Verify(certificate.RawDataMemory);
        read.Identity.ShouldBe(identity.PublicKey);
        read.NotBefore.ShouldBe(Now - OwnCertificate.Backdated);
        read.NotAfter.ShouldBe(Now + TimeSpan.FromDays(1));
    }

    [Fact]
    public void Row13_A_certificate_is_refused_before_and_after_its_time_and_names_both()
    {
        using var own = OwnCertificate.Create(TestIdentity.Dialer, Now, TimeSpan.FromDays(1));
        var certificate = PeerCertificate.Verify(own.RawDataMemory);
        certificate.CheckTime(certificate.NotBefore);
        certificate.CheckTime(certificate.NotAfter);
        Should.Throw<PeerCertificateException>(() => certificate.CheckTime(certificate.NotBefore.AddSeconds(-1))).Message.ShouldContain("clocks");
        Should.Throw<PeerCertificateException>(() => certificate.CheckTime(certificate.NotAfter.AddSeconds(1))).Message.ShouldContain("expired");
    }

    [Fact]
    public void Row10_No_bit_of_a_certificate_can_be_flipped()
    {
        using var own = OwnCertificate.Create(TestIdentity.Dialer, Now, TimeSpan.FromDays(1));
        var der = own.RawData;
        for (var bit = 0; bit < 8 * der.Length; bit++)
        {
            der[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<PeerCertificateException>(() => PeerCertificate.Verify(der), $"bit {bit}");
            der[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        PeerCertificate.Verify(der).Identity.ShouldBe(TestIdentity.Dialer.PublicKey);
    }

    [Fact]
    public void Row17_Every_truncation_and_what_goes_on_behind_the_end_is_refused()
    {
        var der = Vectors.SpecDer(1);
        for (var length = 0; length < der.Length; length++)
        {
            Should.Throw<PeerCertificateException>(() => PeerCertificate.Verify(der.AsMemory(0, length)), $"{length} bytes");
        }

        Should.Throw<PeerCertificateException>(() => PeerCertificate.Verify((byte[])[.. der, 0]));
    }

    [Fact]
    public void Row17_A_length_that_is_not_minimal_is_refused()
    {
        var der = Vectors.SpecDer(1);
        der[..2].ShouldBe([0x30, 0x82]);
        Should.Throw<PeerCertificateException>(() => PeerCertificate.Verify((byte[])[0x30, 0x83, 0, .. der[2..]])).Message.ShouldContain("DER");
    }

    [Fact]
    public void A_certificate_over_the_limit_is_not_read() =>
        Should.Throw<PeerCertificateException>(() => PeerCertificate.Verify(new byte[PeerCertificate.MaxSize + 1])).Message.ShouldContain("limit");
}
