namespace Libp2p;

/// <summary>The kind of a libp2p key; values are those of the protobuf enum of the peer-ids specification.</summary>
public enum KeyType
{
    /// <summary>RSA, 2048 to 8192 bits.</summary>
    Rsa = 0,

    /// <summary>Ed25519 (RFC 8032).</summary>
    Ed25519 = 1,

    /// <summary>ECDSA over secp256k1.</summary>
    Secp256k1 = 2,

    /// <summary>ECDSA over a NIST curve.</summary>
    Ecdsa = 3,
}
