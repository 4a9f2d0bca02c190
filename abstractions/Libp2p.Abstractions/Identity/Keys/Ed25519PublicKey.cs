namespace Libp2p;

/// <summary>
/// Ed25519 (RFC 8032). Any 32 bytes are a key, as everywhere in libp2p: they name a peer. What verifies is decided by <see cref="Verify"/>, whose verdict is this one:
/// the key is the canonical encoding of a point (no y of p or more, no negative zero) and not of small order, S is below the group order, and R is, byte for byte, the encoding of
/// [S]B - [k]A. It is that of go, OpenSSL and dalek, but for keys that are not canonical or of small order: those verify nothing.
/// </summary>
internal sealed class Ed25519PublicKey : PublicKey
{
    public const int Size = 32;
    public const int SignatureSize = 64;

    private readonly EdwardsPoint _point;
    private readonly bool _mayVerify;

    private Ed25519PublicKey(byte[] data)
        : base(KeyType.Ed25519, data) => _mayVerify = Ed25519Verifier.TryReadKey(data, out _point);

    public static Ed25519PublicKey Read(ReadOnlySpan<byte> data) =>
        data.Length == Size ? new(data.ToArray()) : throw new KeyFormatException($"An Ed25519 public key has {Size} bytes, not {data.Length}.");

    public override bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        _mayVerify && signature.Length == SignatureSize && Ed25519Verifier.Verify(Data.Span, _point, message, signature);
}
