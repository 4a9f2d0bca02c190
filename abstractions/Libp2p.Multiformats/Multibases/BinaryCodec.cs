namespace Libp2p.Multiformats;

/// <summary>base2: eight digits a byte. As in go-multibase, missing digits count as leading zeros.</summary>
internal sealed class BinaryCodec() : BaseCodec("base2")
{
    public override void Encode(scoped ReadOnlySpan<byte> bytes, ref ValueBuffer<char> output)
    {
        var span = output.Reserve(bytes.Length * 8);
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = (char)('0' + ((bytes[i >> 3] >> (7 - (i & 7))) & 1));
        }
    }

    public override bool TryDecode(scoped ReadOnlySpan<char> text, ref ValueBuffer<byte> output)
    {
        var span = output.Reserve((text.Length + 7) / 8);
        span.Clear();
        for (var i = 0; i < text.Length; i++)
        {
            var bit = text[^(i + 1)] - '0';
            if (bit is not (0 or 1))
            {
                return false;
            }

            span[^((i >> 3) + 1)] |= (byte)(bit << (i & 7));
        }

        return true;
    }
}
