using System.Text;
using CsCheck;

namespace Libp2p.Multiformats.Tests.Multibases;

public class MultibaseTests
{
    private static readonly Gen<MultibaseEncoding> Encodings = Gen.OneOf(Multibase.Encodings.Where(e => e != MultibaseEncoding.Identity).ToArray());

    public static TheoryData<string, string, byte[]> Texts =>
    [
        .. Rows("basic.csv", "yes mani !"u8),
        .. Rows("leading_zero.csv", "\0yes mani !"u8),
        .. Rows("two_leading_zeros.csv", "\0\0yes mani !"u8).Where(row => row.Name is not ("base8" or "proquint")),
    ];

    public static TheoryData<string, string, byte[]> MixedCase => [.. Rows("case_insensitivity.csv", "hello world"u8)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Vectors_encode_and_decode(string name, string text, byte[] bytes)
    {
        Multibase.TryGetEncoding(name, out var encoding).ShouldBeTrue();

        Multibase.GetName(encoding).ShouldBe(name);
        Multibase.Encode(encoding, bytes).ShouldBe(text);
        Multibase.Decode(text, out var decoded).ShouldBe(bytes);
        decoded.ShouldBe(encoding);
    }

    [Theory]
    [MemberData(nameof(MixedCase))]
    public void Bases_16_32_and_36_are_read_in_either_case(string name, string text, byte[] bytes)
    {
        Multibase.Decode(text, out var encoding).ShouldBe(bytes);
        Multibase.GetName(encoding).ShouldBe(name);
    }

    [Fact]
    public void Bytes_round_trip_in_every_encoding() => Gen.Select(Encodings, Gen.Byte.Array[1, 80]).Sample((encoding, bytes) =>
    {
        Multibase.Decode(Multibase.Encode(encoding, bytes), out var decoded).ShouldBe(bytes);
        decoded.ShouldBe(encoding);
    });

    [Fact]
    public void Any_text_is_decoded_or_refused() => Gen.Select(Encodings, Gen.Char[' ', '\u0100'].Array[0, 40]).Sample((encoding, chars) =>
    {
        var text = new Rune((int)encoding) + new string(chars);
        if (!Multibase.TryDecode(text, out _, out var bytes, out var error))
        {
            bytes.ShouldBeNull();
            error.ShouldNotBeNullOrWhiteSpace();
        }
    });

    [Fact]
    public void Every_prefix_of_a_text_is_decoded_or_refused()
    {
        foreach (var encoding in Multibase.Encodings)
        {
            var text = Multibase.Encode(encoding, "every prefix of this"u8);
            for (var length = 0; length < text.Length; length++)
            {
                if (Multibase.TryDecode(text.AsSpan(0, length), out _, out var bytes))
                {
                    bytes.Length.ShouldBeLessThan(21);
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x00")]
    [InlineData("\ud83d")]
    [InlineData("f0")]
    [InlineData("f0g")]
    [InlineData("01012")]
    [InlineData("78")]
    [InlineData("9a")]
    [InlineData("b1")]
    [InlineData("cpfsxg==")]
    [InlineData("MAA")]
    [InlineData("MAA=a")]
    [InlineData("mA")]
    [InlineData("mAA\n")]
    [InlineData("u+/")]
    [InlineData("z")]
    [InlineData("z0")]
    [InlineData("k")]
    [InlineData("RA")]
    [InlineData("R:::")]
    [InlineData("hYBN")]
    [InlineData("🚀a")]
    public void What_no_encoding_yields_is_refused(string text)
    {
        Multibase.TryDecode(text, out _, out var bytes).ShouldBeFalse();

        bytes.ShouldBeNull();
        Should.Throw<MultiformatException>(() => Multibase.Decode(text, out _)).Message.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void Identity_is_the_text_itself()
    {
        Multibase.Encode(MultibaseEncoding.Identity, "héllo"u8).ShouldBe("\0héllo");
        Multibase.Decode("\0héllo", out var encoding).ShouldBe(Encoding.UTF8.GetBytes("héllo"));
        encoding.ShouldBe(MultibaseEncoding.Identity);
        Multibase.Encode(MultibaseEncoding.Identity, [0xe2, 0x82]).ShouldBe("\0\ufffd\ufffd");
    }

    [Theory]
    [InlineData('z')]
    [InlineData('Z')]
    [InlineData('k')]
    [InlineData('9')]
    public void Quadratic_bases_bound_their_input(char prefix)
    {
        var longest = prefix + new string('2', Multibase.MaxRadixLength);

        Multibase.TryDecode(longest, out var encoding, out _).ShouldBeTrue();
        Multibase.TryDecode(longest + "2", out _, out _, out var error).ShouldBeFalse();
        error.ShouldNotBeNull().ShouldContain("4097");
        Should.Throw<ArgumentOutOfRangeException>(() => Multibase.Encode(encoding, new byte[Multibase.MaxRadixLength + 1]));
    }

    [Fact]
    public void Linear_bases_bound_their_input()
    {
        Multibase.Decode("u" + new string('A', Multibase.MaxLength), out _).Length.ShouldBe(Multibase.MaxLength / 4 * 3);
        Multibase.TryDecode("u" + new string('A', Multibase.MaxLength + 4), out _, out _).ShouldBeFalse();
        Should.Throw<ArgumentOutOfRangeException>(() => Multibase.Encode(MultibaseEncoding.Base64, new byte[Multibase.MaxLength + 1]));
    }

    [Fact]
    public void Unknown_encodings_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Multibase.Encode((MultibaseEncoding)'!', []));
        Should.Throw<ArgumentOutOfRangeException>(() => Multibase.GetName((MultibaseEncoding)'!'));
        Multibase.TryGetEncoding("base59", out _).ShouldBeFalse();
    }

    private static IEnumerable<(string Name, string Text, byte[] Bytes)> Rows(string file, ReadOnlySpan<byte> bytes)
    {
        var expected = bytes.ToArray();
        return Vectors.Csv($"multibase/{file}", columns: 2).Select(cells => (cells[0], cells[1].Trim('"'), expected));
    }
}
