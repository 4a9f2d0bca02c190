namespace Libp2p;

// Stands in until the multiformats land.
internal static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var zeros = bytes.IndexOfAnyExcept((byte)0);
        if (zeros < 0) zeros = bytes.Length;
        var number = new System.Numerics.BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        var text = new System.Text.StringBuilder();
        for (; !number.IsZero; number /= 58) text.Insert(0, Alphabet[(int)(number % 58)]);
        return new string('1', zeros) + text;
    }

    public static string EncodeBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new System.Text.StringBuilder("b");
        var (bits, count) = (0, 0);
        foreach (var b in bytes)
        {
            (bits, count) = ((bits << 8) | b, count + 8);
            for (; count >= 5; count -= 5) text.Append("abcdefghijklmnopqrstuvwxyz234567"[(bits >> (count - 5)) & 31]);
            bits &= (1 << count) - 1;
        }

        if (count > 0) text.Append("abcdefghijklmnopqrstuvwxyz234567"[(bits << (5 - count)) & 31]);
        return text.ToString();
    }

    public static bool TryDecode(ReadOnlySpan<char> text, int maxLength, out byte[] bytes)
    {
        bytes = [];
        if (text.Length > maxLength * 2) return false;
        var zeros = text.IndexOfAnyExcept('1');
        if (zeros < 0) zeros = text.Length;
        var number = System.Numerics.BigInteger.Zero;
        foreach (var c in text)
        {
            var digit = Alphabet.IndexOf(c);
            if (digit < 0) return false;
            number = (number * 58) + digit;
        }

        bytes = [.. new byte[zeros], .. number.IsZero ? [] : number.ToByteArray(isUnsigned: true, isBigEndian: true)];
        return true;
    }
}
