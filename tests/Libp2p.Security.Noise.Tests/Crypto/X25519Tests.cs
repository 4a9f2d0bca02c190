using Libp2p.Crypto;
using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests.Crypto;

public sealed class X25519Tests
{
    public static TheoryData<string> Curves => Providers.X25519;

    // RFC 7748, section 6.1: Bob's side.
    [Theory]
    [MemberData(nameof(Curves))]
    public void The_key_exchange_of_RFC_7748_is_met(string name)
    {
        using var bob = Providers.Curve(name).Import(Convert.FromHexString("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
        Convert.ToHexStringLower(bob.PublicKey).ShouldBe("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
        var secret = new byte[X25519PrivateKey.Size];
        bob.TryAgree(Convert.FromHexString("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"), secret).ShouldBeTrue();
        Convert.ToHexStringLower(secret).ShouldBe("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    }

    // RFC 7748, section 5.2: the iterated function, whose inputs are seldom canonical.
    [Theory]
    [MemberData(nameof(Curves))]
    public void The_iterated_vector_of_RFC_7748_is_met(string name)
    {
        var provider = Providers.Curve(name);
        byte[] k = [9, .. new byte[31]], u = [9, .. new byte[31]];
        for (var i = 1; i <= 1000; i++)
        {
            using var key = provider.Import(k);
            var result = new byte[X25519PrivateKey.Size];
            key.TryAgree(u, result).ShouldBeTrue();
            (u, k) = (k, result);
            if (i == 1)
            {
                Convert.ToHexStringLower(k).ShouldBe("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
            }
        }

        Convert.ToHexStringLower(k).ShouldBe("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
    }

    public static TheoryData<string, string> SmallOrder()
    {
        string[] points =
        [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ];
        var data = new TheoryData<string, string>();
        foreach (var provider in CryptoProviders.AllX25519.Where(static provider => provider.IsSupported))
        {
            foreach (var point in points)
            {
                data.Add(provider.Name, point);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(SmallOrder))]
    public void A_secret_that_everybody_knows_is_refused(string name, string point)
    {
        using var key = Providers.Curve(name).Import(DuplexBytes.Pattern(32));
        var secret = DuplexBytes.Pattern(32);
        key.TryAgree(Convert.FromHexString(point), secret).ShouldBeFalse();
        secret.ShouldAllBe(static value => value == 0);
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void Both_sides_agree_and_so_do_the_implementations(string name)
    {
        var random = new SeededRandomSource(3);
        for (var i = 0; i < 50; i++)
        {
            using var mine = NoiseStaticKey.NewKey(Providers.Curve(name), random);
            using var theirs = NoiseStaticKey.NewKey(Providers.Curve("bouncycastle"), random);
            byte[] first = new byte[32], second = new byte[32];
            mine.TryAgree(theirs.PublicKey, first).ShouldBeTrue();
            theirs.TryAgree(mine.PublicKey, second).ShouldBeTrue();
            first.ShouldBe(second);
        }
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void A_disposed_key_agrees_no_more(string name)
    {
        var key = Providers.Curve(name).Import(DuplexBytes.Pattern(32));
        var remote = key.PublicKey.ToArray();
        key.Dispose();
        key.Dispose();
        Should.Throw<ObjectDisposedException>(() => key.TryAgree(remote, new byte[32]));
        Should.Throw<ArgumentOutOfRangeException>(() => Providers.Curve(name).Import(new byte[31]));
    }
}
