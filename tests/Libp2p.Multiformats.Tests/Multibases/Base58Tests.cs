using System.Numerics;
using CsCheck;

namespace Libp2p.Multiformats.Tests.Multibases;

public class Base58Tests
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    [Theory]
    [InlineData("", "")]
    [InlineData("00", "1")]
    [InlineData("0000", "11")]
    [InlineData("61", "2g")]
    [InlineData("73696d706c792061206c6f6e6720737472696e67", "2cFupjhnEsSn59qHXstmK2ffpLv2")]
    [InlineData("00eb15231dfceb60925886b67d065299925915aeb172c06647", "1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L")]
    [InlineData("516b6fcd0f", "ABnLTmg")]
    [InlineData("bf4f89001e670274dd", "3SEo3LWLoPntC")]
    [InlineData("ecac89cad93923c02321", "EJDM8drfXA6uyA")]
    [InlineData("00000000000000000000", "1111111111")]
    public void Known_texts(string hex, string text)
    {
        Base58.Encode(Convert.FromHexString(hex)).ShouldBe(text);
        if (text.Length > 0)
        {
            Convert.ToHexStringLower(Base58.Decode(text)).ShouldBe(hex);
        }
    }

    [Fact]
    public void It_is_the_number_in_base_58() => Gen.Byte.Array[1, 200].Sample(bytes =>
    {
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        var text = "";
        for (; number > 0; number /= 58)
        {
            text = Alphabet[(int)(number % 58)] + text;
        }

        Base58.Encode(bytes).ShouldBe(new string('1', bytes.TakeWhile(b => b == 0).Count()) + text);
    });

    [Theory]
    [InlineData("0")]
    [InlineData("l")]
    [InlineData("1 1")]
    [InlineData("é")]
    public void Other_characters_are_refused(string text)
    {
        Base58.TryDecode(text, out _).ShouldBeFalse();
        Should.Throw<MultiformatException>(() => Base58.Decode(text));
    }

    [Fact]
    public void Longer_inputs_than_the_bound_are_refused()
    {
        Base58.TryDecode(new string('z', Base58.MaxLength), out _).ShouldBeTrue();
        Base58.TryDecode(new string('z', Base58.MaxLength + 1), out _).ShouldBeFalse();
        Should.Throw<ArgumentOutOfRangeException>(() => Base58.Encode(new byte[Base58.MaxLength + 1]));
    }
}
