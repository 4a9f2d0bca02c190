using System.Buffers;

namespace Libp2p.Multiformats;

/// <summary>
/// Encodings of a fixed number of bits a character, most significant first (RFC 4648 and its like). Reading follows go: bits left over in the last
/// character are ignored, and a lenient encoding (base32) ignores a last group that is too short to be one, and what little follows complete padding.
/// </summary>
internal sealed class BitCodec(string name, string alphabet, int bits, bool ignoreCase = false, bool pad = false, bool lenient = false) : BaseCodec(name)
{
    private const char Padding = '=';

    private readonly byte[] _values = Invert(alphabet, ignoreCase);
    private readonly SearchValues<char> _alphabet = SearchValues.Create(ignoreCase ? alphabet.ToLowerInvariant() + alphabet.ToUpperInvariant() : alphabet);

    // Characters after which characters and bytes meet again.
    private readonly int _group = bits switch { 5 or 3 => 8, 6 => 4, 4 => 2, _ => 8 };

    public override void Encode(scoped ReadOnlySpan<byte> bytes, ref ValueBuffer<char> output)
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

    public override bool TryDecode(scoped ReadOnlySpan<char> text, ref ValueBuffer<byte> output)
    {
        if (pad && !TryRemovePadding(ref text))
        {
            return false;
        }

        // Characters that end a group without completing a byte are no encoding of anything.
        var rest = text.Length % _group;
        var stray = rest * bits % 8 >= bits;
        if (stray && (pad || !lenient))
        {
            return false;
        }

        if (stray && text[^rest..].ContainsAnyExcept(_alphabet))
        {
            return false;
        }

        text = stray ? text[..^rest] : text;
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

    private bool TryRemovePadding(ref ReadOnlySpan<char> text)
    {
        var start = text.IndexOf(Padding);
        if (start < 0)
        {
            return text.Length % _group == 0;
        }

        var padding = _group - (start % _group);
        var after = text[start..];
        if (padding == _group || after.Length < padding || after[..padding].ContainsAnyExcept(Padding))
        {
            return false;
        }

        text = text[..start];
        return lenient ? after.Length <= _group : after.Length == padding;
    }
}
