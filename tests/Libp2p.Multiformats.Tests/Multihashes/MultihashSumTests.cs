using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace Libp2p.Multiformats.Tests.Multihashes;

public class MultihashSumTests
{
    public static TheoryData<string, int, string, string> Cases => [.. Vectors.Csv("multihash/test_cases.csv", columns: 4)
        .Select(cells => (cells[0] == "sha3" ? "sha3-512" : cells[0], int.Parse(cells[1]), cells[2], cells[3]))];

    public static TheoryData<int, string> Blake3Cases => [.. Vectors.Json("blake3/hash.json").EnumerateArray()
        .Select(e => (e.GetProperty("length").GetInt32(), e.GetProperty("hash").GetString()!))];

    public static TheoryData<string, int, string> Boundaries => [.. Vectors.Json("multihash/block_boundaries.json").EnumerateObject()
        .SelectMany(function => function.Value.EnumerateObject().Select(e => (function.Name, int.Parse(e.Name), e.Value.GetString()!)))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Vectors_hash(string name, int bits, string input, string expected)
    {
        MulticodecTable.TryGetCode(name, out var code).ShouldBeTrue();
        var data = Encoding.ASCII.GetBytes(input);
        var multihash = Multihash.Sum(code, data, bits / 8);

        multihash.ToString().ShouldBe(expected);
        multihash.Verify(data).ShouldBeTrue();
        multihash.Verify([.. data, 0]).ShouldBeFalse();
    }

    // Digests of "abc" (FIPS 180-4 and 202, RFC 7693, keccak.team; murmur3 and the truncations as go-multihash computes them).
    [Theory]
    [InlineData("md5", "900150983cd24fb0d6963f7d28e17f72")]
    [InlineData("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d")]
    [InlineData("sha2-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha2-384", "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7")]
    [InlineData("dbl-sha2-256", "4f8b42c22dd3729b519ba6f68d2da7cc5b2d606d05daed5ad5128cc03e6c6358")]
    [InlineData("sha2-256-trunc254-padded", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f200152d")]
    [InlineData("sha3-224", "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf")]
    [InlineData("sha3-256", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532")]
    [InlineData("sha3-384", "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25")]
    [InlineData("shake-128", "5881092dd818bf5cf8a3ddb793fbcba74097d5c526a6d35f97b83351940f2cc8")]
    [InlineData("keccak-256", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData("keccak-512", "18587dc2ea106b9a1563e32b3312421ca164c7f1f07bc922a9c83d77cea3a1e5d0c69910739025372dc14ac9642629379540c17e2a65b19d77aa511a9d00bb96")]
    [InlineData("blake2b-512", "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923")]
    [InlineData("blake2b-256", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")]
    [InlineData("blake2s-256", "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982")]
    public void Digests_of_abc(string name, string digest)
    {
        MulticodecTable.TryGetCode(name, out var code).ShouldBeTrue();

        Convert.ToHexStringLower(Multihash.Sum(code, "abc"u8).Digest).ShouldBe(digest);
    }

    [Theory]
    [MemberData(nameof(Blake3Cases))]
    public void Blake3_vectors_hash(int length, string hash)
    {
        var data = Enumerable.Range(0, length).Select(i => (byte)(i % 251)).ToArray();

        Convert.ToHexStringLower(Multihash.Sum(Multicodec.Blake3, data, Math.Min(hash.Length / 2, Multihash.MaxDigestLength)).Digest).ShouldBe(hash);
    }

    [Fact]
    public void Murmur3_hashes_as_go_does() =>
        Multihash.Sum(Multicodec.Murmur3X64_64, [0xaa, 0xbb]).ToString().ShouldBe("22085e347f35fad51994");

    [Fact]
    public void The_managed_keccak_is_the_platforms()
    {
        if (!SHA3_256.IsSupported)
        {
            Assert.Skip("The platform has no SHA-3 to compare with.");
        }

        Gen.Byte.Array[0, 400].Sample(data =>
        {
            Managed(Keccak.Sha3, 32).ShouldBe(SHA3_256.HashData(data));
            Managed(Keccak.Sha3, 48).ShouldBe(SHA3_384.HashData(data));
            Managed(Keccak.Sha3, 64).ShouldBe(SHA3_512.HashData(data));
            Managed(Keccak.Shake128, 300).ShouldBe(Shake128.HashData(data, 300));
            Managed(Keccak.Shake256, 300).ShouldBe(Shake256.HashData(data, 300));

            byte[] Managed(HashInto hash, int length)
            {
                var digest = new byte[length];
                hash(data, digest);
                return digest;
            }
        });
    }

    [Theory]
    [MemberData(nameof(Boundaries))]
    public void Inputs_around_the_ends_of_blocks_hash(string name, int length, string expected)
    {
        MulticodecTable.TryGetCode(name, out var code).ShouldBeTrue();
        var data = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();

        Multihash.Sum(code, data).ToString().ShouldBe(expected);
    }

    [Fact]
    public void Identity_keeps_the_data()
    {
        var multihash = Multihash.Sum(Multicodec.Identity, "abc"u8);

        multihash.ToString().ShouldBe("0003616263");
        multihash.Verify("abc"u8).ShouldBeTrue();
        multihash.Verify("ab"u8).ShouldBeFalse();
        Should.Throw<ArgumentOutOfRangeException>(() => Multihash.Sum(Multicodec.Identity, "abc"u8, 2));
    }

    [Fact]
    public void Lengths_are_checked()
    {
        Multihash.Sum(Multicodec.Sha2_256, "abc"u8, 0).ToString().ShouldBe("1200");
        Multihash.Sum(Multicodec.Sha2_256, "abc"u8, 4).ToString().ShouldBe("1204ba7816bf");
        Should.Throw<ArgumentOutOfRangeException>(() => Multihash.Sum(Multicodec.Sha2_256, "abc"u8, 33));
        Should.Throw<ArgumentOutOfRangeException>(() => Multihash.Sum(Multicodec.Sha2_256, "abc"u8, -1));
        Should.Throw<ArgumentOutOfRangeException>(() => Multihash.Sum(Multicodec.Blake3, "abc"u8, 129));
        Multihash.Create(Multicodec.Sha2_256, new byte[40]).Verify("abc"u8).ShouldBeFalse();
    }

    [Fact]
    public void Unsupported_functions_say_which()
    {
        Multihash.IsSupported(Multicodec.X11).ShouldBeFalse();
        Should.Throw<UnsupportedHashException>(() => Multihash.Sum(Multicodec.X11, "abc"u8)).Code.ShouldBe(Multicodec.X11);
        Should.Throw<UnsupportedHashException>(() => Multihash.Create((Multicodec)0x99999, [1]).Verify("abc"u8)).Message.ShouldContain("0x99999");
    }
}
