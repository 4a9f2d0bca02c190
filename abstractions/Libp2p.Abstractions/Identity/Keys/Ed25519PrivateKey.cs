using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Libp2p;

/// <summary>Ed25519 (RFC 8032): the seed is what is kept.</summary>
internal sealed class Ed25519PrivateKey : PrivateKey
{
    public const int SeedSize = 32;

    private readonly Secret _seed;

    private Ed25519PrivateKey(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> publicKey)
        : base(Ed25519PublicKey.Read(publicKey)) => _seed = new Secret(seed);

    internal byte[] SecretStorage => _seed.Storage;

    public static Ed25519PrivateKey FromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != SeedSize) throw new KeyFormatException($"An Ed25519 seed has {SeedSize} bytes, not {seed.Length}.");
        Span<byte> publicKey = stackalloc byte[Ed25519PublicKey.Size];
        Ed25519.GeneratePublicKey(seed, publicKey);
        return new(seed, publicKey);
    }

    public static Ed25519PrivateKey Generate()
    {
        Span<byte> seed = stackalloc byte[SeedSize];
        try
        {
            RandomNumberGenerator.Fill(seed);
            return FromSeed(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>Reads seed and public key, or seed, public key and public key again.</summary>
    public static Ed25519PrivateKey Read(ReadOnlySpan<byte> data)
    {
        if (data.Length is not (SeedSize + Ed25519PublicKey.Size or SeedSize + (2 * Ed25519PublicKey.Size)))
        {
            throw new KeyFormatException($"An Ed25519 private key has 64 bytes, or 96 in its historic form, not {data.Length}.");
        }

        var key = FromSeed(data[..SeedSize]);
        for (var rest = data[SeedSize..]; !rest.IsEmpty; rest = rest[Ed25519PublicKey.Size..])
        {
            if (!rest[..Ed25519PublicKey.Size].SequenceEqual(key.PublicKey.Data.Span))
            {
                key.Dispose();
                throw new KeyFormatException("The Ed25519 private key carries a public key that is not its own.");
            }
        }

        return key;
    }

    public override byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[Ed25519PublicKey.SignatureSize];
        _seed.Use(new Signing(message, PublicKey.Data.Span, signature), static (seed, s) =>
        {
            Ed25519.Sign(seed, s.PublicKey, s.Message, s.Signature);
            return true;
        });
        return signature;
    }

    public override byte[] ToProtobuf() =>
        _seed.Use(PublicKey.Data.Span, static (seed, publicKey) => KeyProtobuf.EncodePrivate(KeyType.Ed25519, [.. seed, .. publicKey]));

    protected override void Dispose(bool disposing)
    {
        if (disposing) _seed.Dispose();
    }

    private readonly ref struct Signing(ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey, Span<byte> signature)
    {
        public ReadOnlySpan<byte> Message { get; } = message;

        public ReadOnlySpan<byte> PublicKey { get; } = publicKey;

        public Span<byte> Signature { get; } = signature;
    }
}
