using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Libp2p;

/// <summary>
/// Ed25519 (RFC 8032). Any 32 bytes are a key, as everywhere in libp2p: they name a peer. Whether they are a point is told by <see cref="Verify"/>, whose verdict is
/// this one: the key, and R of the signature, are canonical encodings of points of prime order (no small or mixed order, no y of p or more, no negative zero), S is below
/// the group order, and the equation holds without the cofactor. What an honest signer makes is always so; anything else verifies nothing, so that no two nodes
/// disagree on a signature and no key verifies everything.
/// </summary>
internal sealed class Ed25519PublicKey : PublicKey
{
    public const int Size = 32;
    public const int SignatureSize = 64;

    // Decoding the point costs about as much as a verification: it is done once. Null and decoded: not a point that may sign.
    private Ed25519.PublicPoint? _point;
    private volatile bool _decoded;

    private Ed25519PublicKey(byte[] data)
        : base(KeyType.Ed25519, data)
    {
    }

    public static Ed25519PublicKey Read(ReadOnlySpan<byte> data) =>
        data.Length == Size ? new(data.ToArray()) : throw new KeyFormatException($"An Ed25519 public key has {Size} bytes, not {data.Length}.");

    public override bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureSize) return false;
        if (!_decoded)
        {
            _point = Ed25519.ValidatePublicKeyFullExport(Data.Span);
            _decoded = true;
        }

        // The provider multiplies its equation by a number that follows from the message, which can hide a small order in R: hence the check behind it.
        return _point is { } point && Ed25519.Verify(signature, point, message) && Ed25519.ValidatePublicKeyFull(signature[..Size]);
    }
}
