namespace Libp2p.Multiformats;

/// <summary>One base encoding without its prefix. Immutable.</summary>
internal abstract class BaseCodec(string name)
{
    public string Name { get; } = name;

    /// <summary>The longest input, in bytes to encode or characters to decode. Bases whose cost is quadratic have a low one.</summary>
    public virtual int MaxLength => Multibase.MaxLength;

    /// <summary>Whether no characters stand for no bytes. Those that write a number need a digit.</summary>
    public virtual bool DecodesEmpty => true;

    public abstract void Encode(scoped ReadOnlySpan<byte> bytes, ref ValueBuffer<char> output);

    public abstract bool TryDecode(scoped ReadOnlySpan<char> text, ref ValueBuffer<byte> output);

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
