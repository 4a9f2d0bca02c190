using System.Security.Cryptography;
using System.Text;

namespace Libp2p.Security.PrivateNetwork;

/// <summary>The key that all nodes of a private network share: 32 bytes. Immutable.</summary>
/// <remarks>
/// In a file (libp2p/specs, pnet, Private-Networks-PSK-V1): three lines, the last of which is, for <c>/bin/</c>, the bytes themselves.
/// <code>
/// /key/swarm/psk/1.0.0/
/// /base16/                    or /base64/ or /bin/
/// 6189c5cf0b87fb800c1a9feeda73c6ab5e998db48fb9e6a978575c770ceef683
/// </code>
/// </remarks>
internal sealed class PreSharedKey
{
    public const int Size = 32;

    /// <summary>The most bytes of a file that are read.</summary>
    public const int MaxFile = 1024;

    private const string Header = "/key/swarm/psk/1.0.0/";

    private readonly byte[] _key;

    private PreSharedKey(byte[] key) => _key = key;

    public ReadOnlySpan<byte> Bytes => _key;

    /// <summary>Tells networks apart without giving the key away, as kubo prints it: 32 hex digits. Null where this system has no SHAKE128.</summary>
    public string? Fingerprint()
    {
        if (!Shake128.IsSupported) return null;
        Span<uint> state = stackalloc uint[Salsa20.BlockSize / sizeof(uint)];
        Salsa20.Load(state, _key, "finprint"u8);
        Span<byte> stream = stackalloc byte[Salsa20.BlockSize * Salsa20.Lanes];
        Salsa20.Blocks(state, 0, stream);
        return Convert.ToHexStringLower(Shake128.HashData(stream[..Salsa20.BlockSize], 16));
    }

    /// <summary>Reads what a file holds.</summary>
    /// <exception cref="FormatException">Not such a key.</exception>
    public static PreSharedKey Parse(ReadOnlySpan<byte> file)
    {
        if (TakeLine(ref file) != Header) throw new FormatException($"The first line of a key of a private network is {Header}.");
        var encoding = TakeLine(ref file);
        byte[] key;
        switch (encoding)
        {
            case "/base16/":
                key = Decode(file, Convert.FromHexString);
                break;
            case "/base64/":
                key = Decode(file, Convert.FromBase64String);
                break;
            case "/bin/":
                key = file.ToArray();
                break;
            default:
                throw new FormatException("The second line of a key of a private network is /base16/, /base64/ or /bin/.");
        }

        return key.Length == Size ? new PreSharedKey(key) : throw new FormatException($"The key of a private network has {Size} bytes, not {key.Length}.");
    }

    private static byte[] Decode(ReadOnlySpan<byte> file, Func<string, byte[]> decode)
    {
        var text = TakeLine(ref file);
        if (!Encoding.ASCII.GetString(file).All(char.IsWhiteSpace)) throw new FormatException("There is more behind the key of the private network.");
        try
        {
            return decode(text.Trim());
        }
        catch (FormatException e)
        {
            // Not its text: that is the key.
            throw new FormatException("The third line is not the key of a private network in the encoding named before it.", e);
        }
    }

    private static string TakeLine(ref ReadOnlySpan<byte> file)
    {
        var end = file.IndexOf((byte)'\n');
        var line = end < 0 ? file : file[..end];
        file = end < 0 ? default : file[(end + 1)..];
        if (line is [.., (byte)'\r']) line = line[..^1];
        return Encoding.ASCII.GetString(line);
    }
}
