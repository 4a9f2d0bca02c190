using CsCheck;

namespace Libp2p.Multiformats.Tests.Multihashes;

public class MultihashTests
{
    public static TheoryData<ulong, string> ValidHeaders => [.. Vectors.Json("multihash/valid_headers.json").EnumerateArray()
        .Select(e => (e.GetProperty("code").GetUInt64(), e.GetProperty("digest_hex").GetString()!))];

    public static TheoryData<string, int, string> InvalidHeaders => [.. Vectors.Json("multihash/invalid_headers.json").EnumerateArray()
        .Select(e => (e.GetProperty("code").GetString()!, int.Parse(e.GetProperty("size").GetString()!), e.GetProperty("hex").GetString()!))];

    [Theory]
    [MemberData(nameof(ValidHeaders))]
    public void Vectors_are_made_and_read(ulong code, string digest)
    {
        var made = Multihash.Create((Multicodec)code, Convert.FromHexString(digest));
        var read = Multihash.Parse(made.Span);

        read.ShouldBe(made);
        read.Code.ShouldBe((Multicodec)code);
        Convert.ToHexStringLower(read.Digest).ShouldBe(digest);
        read.IsDefault.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(InvalidHeaders))]
    public void Row71_Digests_of_another_length_than_the_header_says_are_refused(string code, int size, string hex)
    {
        byte[] bytes = [Convert.ToByte(code, 16), (byte)size, .. Convert.FromHexString(hex)];
        if (size == bytes.Length - 2)
        {
            // Whether a digest's length suits its function is not the header's business: truncation is allowed.
            Multihash.Parse(bytes).Digest.Length.ShouldBe(size);
            return;
        }

        Multihash.TryParse(bytes, out var multihash, out var error).ShouldBeFalse();
        multihash.IsDefault.ShouldBeTrue();
        error.ShouldNotBeNullOrWhiteSpace();
        Should.Throw<MultiformatException>(() => Multihash.Parse(bytes)).Message.ShouldBe(error);
    }

    [Fact]
    public void Row71_Digests_longer_than_128_bytes_are_refused()
    {
        byte[] longest = [0x00, 0x80, 0x01, .. new byte[128]];
        byte[] tooLong = [0x00, 0x81, 0x01, .. new byte[129]];
        byte[] enormous = [0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];

        Multihash.Parse(longest).Digest.Length.ShouldBe(Multihash.MaxDigestLength);
        Multihash.TryParse(tooLong, out _, out var error).ShouldBeFalse();
        error.ShouldNotBeNull().ShouldContain("129");
        Multihash.TryParse(enormous, out _).ShouldBeFalse();
        Should.Throw<ArgumentOutOfRangeException>(() => Multihash.Create(Multicodec.Identity, new byte[129]));
        Should.Throw<ArgumentOutOfRangeException>(() => Multihash.Sum(Multicodec.Identity, new byte[129]));
    }

    [Fact]
    public void Every_prefix_and_every_extension_is_refused() => Gen.Select(Gen.ULong, Gen.Byte.Array[0, 128]).Sample((code, digest) =>
    {
        var multihash = Multihash.Create((Multicodec)(code & UnsignedVarint.MaxValue), digest);
        for (var length = 0; length < multihash.Bytes.Length; length++)
        {
            Multihash.TryParse(multihash.Span[..length], out _).ShouldBeFalse();
        }

        Multihash.TryParse([.. multihash.Span, 0], out _).ShouldBeFalse();
        Multihash.Parse(multihash.Span).ShouldBe(multihash);
        multihash.Digest.SequenceEqual(digest).ShouldBeTrue();
    });

    [Fact]
    public void Reading_from_the_front_leaves_the_rest()
    {
        var multihash = Multihash.Sum(Multicodec.Sha2_256, "abc"u8);
        byte[] bytes = [.. multihash.Span, 1, 2, 3];

        Multihash.TryRead(bytes, out var code, out var digest, out var length).ShouldBeTrue();
        code.ShouldBe(Multicodec.Sha2_256);
        digest.SequenceEqual(multihash.Digest).ShouldBeTrue();
        length.ShouldBe(multihash.Bytes.Length);
        Multihash.TryRead(bytes.AsSpan(0, length - 1), out _, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Equality_is_that_of_the_bytes()
    {
        var one = Multihash.Sum(Multicodec.Sha2_256, "abc"u8);
        var same = Multihash.Parse(one.Span);
        var other = Multihash.Sum(Multicodec.Sha2_256, "abd"u8);

        (one == same).ShouldBeTrue();
        one.GetHashCode().ShouldBe(same.GetHashCode());
        (one != other).ShouldBeTrue();
        one.Equals((object)same).ShouldBeTrue();
        default(Multihash).ShouldBe(default);
        default(Multihash).Equals(one).ShouldBeFalse();
        one.ToString().ShouldBe("1220ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        one.ToBase58().ShouldBe("QmatYkNGZnELf8cAGdyJpUca2PyY4szai3RHyyWofNY1pY");
    }
}
