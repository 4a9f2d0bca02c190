using System.Security.Cryptography;

namespace Libp2p.Multiformats;

/// <summary>The hash functions that can be computed: the platform's where it has them, else the ones beside this file.</summary>
internal static class HashFunctions
{
    private static readonly Dictionary<Multicodec, HashFunction> All = Create();

    public static HashFunction? Find(Multicodec code) => All.GetValueOrDefault(code);

    private static Dictionary<Multicodec, HashFunction> Create()
    {
        var all = Single();
        for (var length = 1; length <= Blake2b.MaxLength; length++)
        {
            all.Add(Multicodec.Blake2b8 + (ulong)(length - 1), new(Blake2b.Hash, length));
        }

        for (var length = 1; length <= Blake2s.MaxLength; length++)
        {
            all.Add(Multicodec.Blake2s8 + (ulong)(length - 1), new(Blake2s.Hash, length));
        }

        return all;
    }

    private static Dictionary<Multicodec, HashFunction> Single() => new()
    {
        [Multicodec.Identity] = new((data, digest) => data.CopyTo(digest), Multihash.MaxDigestLength, IsVariable: true),
        [Multicodec.Md5] = new((data, digest) => MD5.HashData(data, digest), 16),
        [Multicodec.Sha1] = new((data, digest) => SHA1.HashData(data, digest), 20),
        [Multicodec.Sha2_256] = new((data, digest) => SHA256.HashData(data, digest), 32),
        [Multicodec.Sha2_384] = new((data, digest) => SHA384.HashData(data, digest), 48),
        [Multicodec.Sha2_512] = new((data, digest) => SHA512.HashData(data, digest), 64),
        [Multicodec.Sha2_224] = new(Sha2.Hash224, 28),
        [Multicodec.Sha2_512_224] = new(Sha2.Hash512For224, 28),
        [Multicodec.Sha2_512_256] = new(Sha2.Hash512For256, 32),
        [Multicodec.Ripemd128] = new(RipeMd.Hash128, 16),
        [Multicodec.Ripemd160] = new(RipeMd.Hash160, 20),
        [Multicodec.Ripemd256] = new(RipeMd.Hash256, 32),
        [Multicodec.Ripemd320] = new(RipeMd.Hash320, 40),
        [Multicodec.Sm3_256] = new(Sm3.Hash, 32),
        [Multicodec.DblSha2_256] = new(DoubleSha256, 32),
        [Multicodec.Sha2_256Trunc254Padded] = new(Sha256Trunc254, 32),
        [Multicodec.Sha3_224] = new(Keccak.Sha3, 28),
        [Multicodec.Sha3_256] = new(SHA3_256.IsSupported ? (data, digest) => SHA3_256.HashData(data, digest) : Keccak.Sha3, 32),
        [Multicodec.Sha3_384] = new(SHA3_384.IsSupported ? (data, digest) => SHA3_384.HashData(data, digest) : Keccak.Sha3, 48),
        [Multicodec.Sha3_512] = new(SHA3_512.IsSupported ? (data, digest) => SHA3_512.HashData(data, digest) : Keccak.Sha3, 64),
        [Multicodec.Shake128] = new(Shake128.IsSupported ? (data, digest) => Shake128.HashData(data, digest) : Keccak.Shake128, 32),
        [Multicodec.Shake256] = new(Shake256.IsSupported ? (data, digest) => Shake256.HashData(data, digest) : Keccak.Shake256, 64),
        [Multicodec.Blake3] = new(Blake3.Hash, 32, IsVariable: true),
        [Multicodec.Murmur3X64_64] = new(Murmur3.Hash64, 8),
        [Multicodec.Keccak224] = new(Keccak.Original, 28),
        [Multicodec.Keccak256] = new(Keccak.Original, 32),
        [Multicodec.Keccak384] = new(Keccak.Original, 48),
        [Multicodec.Keccak512] = new(Keccak.Original, 64),
    };

    private static void DoubleSha256(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<byte> once = stackalloc byte[32];
        SHA256.HashData(data, once);
        SHA256.HashData(once, digest);
    }

    private static void Sha256Trunc254(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        SHA256.HashData(data, digest);
        digest[31] &= 0x3f;
    }
}
