namespace Libp2p;

/// <summary>Object identifiers of keys in ASN.1.</summary>
internal static class KeyOids
{
    public const string Rsa = "1.2.840.113549.1.1.1";
    public const string EllipticCurve = "1.2.840.10045.2.1";
    public const string Ed25519 = "1.3.101.112";
    public const string Secp256k1 = "1.3.132.0.10";
}
