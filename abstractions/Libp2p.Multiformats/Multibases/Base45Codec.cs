namespace Libp2p.Multiformats;

/// <summary>base45 (RFC 9285): two bytes as three digits, a last byte as two, least significant digit first.</summary>
internal sealed class Base45Codec() : BaseCodec("base45")
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

    private static readonly byte[] Values = Invert(Alphabet, ignoreCase: false);

    public override void Encode(scoped ReadOnlySpan<byte> bytes, ref ValueBuffer<char> output)
    {
        for (var i = 0; i < bytes.Length; i += 2)
        {
            var pair = i + 1 < bytes.Length;
            var value = pair ? (bytes[i] << 8) | bytes[i + 1] : bytes[i];
            output.Append(Alphabet[value % 45]);
            output.Append(Alphabet[value / 45 % 45]);
            if (pair)
            {
                output.Append(Alphabet[value / (45 * 45)]);
            }
        }
    }

    public override bool TryDecode(scoped ReadOnlySpan<char> text, ref ValueBuffer<byte> output)
    {
        for (var i = 0; i < text.Length; i += 3)
        {
            var digits = Math.Min(3, text.Length - i);
            var value = 0;
            for (var digit = digits - 1; digit >= 0; digit--)
            {
                var c = text[i + digit];
                if (c >= 128 || Values[c] == 0xff)
                {
                    return false;
                }

                value = (value * 45) + Values[c];
            }

            if (digits == 1 || value > (digits == 3 ? ushort.MaxValue : byte.MaxValue))
            {
                return false;
            }

            if (digits == 3)
            {
                output.Append((byte)(value >> 8));
            }

            output.Append((byte)value);
        }

        return true;
    }
}
