using Libp2p.Certificates;
using Libp2p.Security.Tls.Tests.Certificates;

namespace Libp2p.Fuzz.Targets;

/// <summary>A stranger's certificate: it proves an identity that signed it, or nothing.</summary>
internal sealed class CertificateTarget() : FuzzTarget("certificate")
{
    private static readonly byte[][] Known =
        [.. Enumerable.Range(1, 4).Select(Vectors.SpecDer), Vectors.Rust("ed25519"), Vectors.Rust("nistp384_sha384"), Vectors.Rust("rsa_pss_sha384"), Vectors.Rust("rsa_pkcs1_sha256")];

    /// <summary>Those of rust-libp2p show schemes: an identity has signed only some of them.</summary>
    private static readonly PublicKey[] Genuine = [.. Known.Select(Identify).OfType<PublicKey>()];

    public override int MaxLength => 2000;

    public override IEnumerable<byte[]> Seeds => Known;

    /// <summary>A libp2p extension's name, and a critical one.</summary>
    public override IReadOnlyList<byte[]> Dictionary { get; } = [Convert.FromHexString("060a2b0601040183a25a0101"), [0x01, 0x01, 0xFF], [0x30, 0x83, 0x00]];

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (Identify(input.ToArray()) is { } identity) Property.Holds(Genuine.Contains(identity), "a certificate was believed that nobody made");
    }

    private static PublicKey? Identify(byte[] der)
    {
        try
        {
            return PeerCertificate.Verify(der).Identity;
        }
        catch (PeerCertificateException)
        {
            return null;
        }
    }
}
