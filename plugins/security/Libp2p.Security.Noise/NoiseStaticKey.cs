using System.Security.Cryptography;
using Libp2p.Crypto;

namespace Libp2p.Security.Noise;

/// <summary>This side's static Noise key, and its identity's signature over it, made once: signing and importing cost as much as a handshake.</summary>
internal sealed class NoiseStaticKey
{
    private static ReadOnlySpan<byte> SignedPrefix => "noise-libp2p-static-key:"u8;

    private NoiseStaticKey(X25519PrivateKey key, byte[] identityKey, byte[] signature)
    {
        Key = key;
        IdentityKey = identityKey;
        Signature = signature;
    }

    public X25519PrivateKey Key { get; }

    /// <summary>The identity's public key, as protobuf.</summary>
    public byte[] IdentityKey { get; }

    public byte[] Signature { get; }

    public static NoiseStaticKey Create(NodeIdentity identity, X25519PrivateKey key) =>
        new(key, identity.PublicKey.Protobuf.ToArray(), identity.Key.Sign([.. SignedPrefix, .. key.PublicKey]));

    /// <summary>Whether the signature says that the owner of the identity uses this static key.</summary>
    public static bool Verify(PublicKey identity, ReadOnlySpan<byte> staticKey, ReadOnlySpan<byte> signature)
    {
        Span<byte> message = stackalloc byte[SignedPrefix.Length + X25519PrivateKey.Size];
        SignedPrefix.CopyTo(message);
        staticKey.CopyTo(message[SignedPrefix.Length..]);
        return identity.Verify(message, signature);
    }

    /// <summary>A fresh X25519 key from the node's randomness.</summary>
    public static X25519PrivateKey NewKey(X25519Provider provider, RandomSource random)
    {
        Span<byte> bytes = stackalloc byte[X25519PrivateKey.Size];
        random.Fill(bytes);
        try
        {
            return provider.Import(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
