namespace Libp2p.Multiformats;

/// <summary>
/// Encodings of a fixed number of bits a character, most significant first (RFC 4648 and its like). As in the reference implementations,
/// bits left over in the last character are ignored.
/// </summary>
internal sealed class BitCodec(string name, string alphabet, int bits, bool ignoreCase = false, bool pad = false) : BaseCodec(name)
{
    private const char Padding = '=';

    private readonly byte[] _values = Invert(alphabet, ignoreCase);

    // Characters after which characters and bytes meet again.
    private readonly int _group = bits switch { 5 or 3 => 8, 6 => 4, 4 => 2, _ => 8 };

    public override void Encode(ReadOnlySpan<byte> bytes, ref ValueBuffer<char> output)
    {
        var length = (int)(((bytes.Length * 8L) + bits - 1) / bits);
        var padding = pad ? (_group - (length % _group)) % _group : 0;
        var span = output.Reserve(length + padding);
        uint buffer = 0;
        var (have, written) = (0, 0);
        foreach (var b in bytes)
        {
            buffer = (buffer << 8) | b;
            for (have += 8; have >= bits;)
            {
                have -= bits;
                span[written++] = alphabet[(int)(buffer >> have) & ((1 << bits) - 1)];
            }
        }

        if (have > 0)
        {
            span[written++] = alphabet[(int)(buffer << (bits - have)) & ((1 << bits) - 1)];
        }

        span[written..].Fill(Padding);
    }

    public override bool TryDecode(ReadOnlySpan<char> text, ref ValueBuffer<byte> output)
    {
        if (pad)
        {
            if (text.Length % _group != 0)
            {
                return false;
            }

            var padded = text.Length;
            text = text.TrimEnd(Padding);
            if (padded - text.Length >= _group)
            {
                return false;
            }
        }

        // A last group of so few characters that they make no whole byte, or one more than some bytes take, is no encoding of anything.
        var rest = text.Length % _group * bits;
        if (rest % 8 >= bits)
        {
            return false;
        }

        var span = output.Reserve((int)(text.Length * (long)bits / 8));
        uint buffer = 0;
        var (have, written) = (0, 0);
        foreach (var c in text)
        {
            var value = c < 128 ? _values[c] : 0xff;
            if (value == 0xff)
            {
                return false;
            }

            buffer = (buffer << bits) | (uint)value;
            have += bits;
            if (have >= 8)
            {
                have -= 8;
                span[written++] = (byte)(buffer >> have);
            }
        }

        return true;
    }
}
