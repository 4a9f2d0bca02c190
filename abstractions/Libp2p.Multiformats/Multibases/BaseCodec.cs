namespace Libp2p.Multiformats;

/// <summary>One base encoding without its prefix. Immutable.</summary>
internal abstract class BaseCodec(string name)
{
    public string Name { get; } = name;

    /// <summary>The longest input, in bytes to encode or characters to decode. Bases whose cost is quadratic have a low one.</summary>
    public virtual int MaxLength => Multibase.MaxLength;

    public abstract void Encode(ReadOnlySpan<byte> bytes, ref ValueBuffer<char> output);

    public abstract bool TryDecode(ReadOnlySpan<char> text, ref ValueBuffer<byte> output);

    /// <summary>The value of each ASCII character; 0xff for those outside of the alphabet.</summary>
    protected static byte[] Invert(string alphabet, bool ignoreCase)
    {
        var values = new byte[128];
        values.AsSpan().Fill(0xff);
        for (var i = 0; i < alphabet.Length; i++)
        {
            values[alphabet[i]] = (byte)i;
            if (ignoreCase)
            {
                values[char.ToUpperInvariant(alphabet[i])] = (byte)i;
                values[char.ToLowerInvariant(alphabet[i])] = (byte)i;
            }
        }

        return values;
    }
}
