using System.Security.Cryptography;
using Libp2p.Crypto;
using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests.Crypto;

public sealed class HkdfSha256Tests
{
    // RFC 5869, appendix A.1.
    [Fact]
    public void The_first_vector_of_RFC_5869_is_met()
    {
        var output = new byte[42];
        HkdfSha256.Derive(Convert.FromHexString("000102030405060708090a0b0c"), Enumerable.Repeat((byte)0x0b, 22).ToArray(), Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9"), output);
        Convert.ToHexStringLower(output).ShouldBe("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    }

    [Fact]
    public void Every_length_equals_the_runtime()
    {
        foreach (var length in new[] { 1, 31, 32, 33, 64, 65, 96, 255, 8160 })
        {
            foreach (var info in new[] { 0, 1, 80, 256 })
            {
                byte[] salt = DuplexBytes.Pattern(32, 1), key = DuplexBytes.Pattern(length % 70, 2), context = DuplexBytes.Pattern(info, 3);
                byte[] mine = new byte[length], theirs = new byte[length];
                HkdfSha256.Derive(salt, key, context, mine);
                HKDF.DeriveKey(HashAlgorithmName.SHA256, key, theirs, salt, context);
                mine.ShouldBe(theirs);
            }
        }

        Should.Throw<ArgumentOutOfRangeException>(() => HkdfSha256.Derive([], [], [], new byte[8161]));
        Should.Throw<ArgumentOutOfRangeException>(() => HkdfSha256.Derive([], [], new byte[257], new byte[32]));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        byte[] salt = new byte[32], key = new byte[32], output = new byte[64];
        for (var i = 0; i < 100; i++)
        {
            HkdfSha256.Derive(salt, key, [], output);
        }

        Allocations.LeastOf(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                HkdfSha256.Derive(salt, key, [], output);
            }
        }).ShouldBe(0);
    }
}
