using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Libp2p.Multiformats;

/// <summary>
/// Multibase text (github.com/multiformats/multibase): one character that names the encoding, then the encoded bytes.
/// What is read is what go-multibase reads, so that one text means the same to every node: bases 16, 32 and 36 in either case, bits and characters
/// left over at the end ignored, no empty number. What is written is canonical.
/// </summary>
public static partial class Multibase
{
    /// <summary>The longest input: bytes to encode, characters to decode. 1 Mi.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>The longest input of base10, base36 and base58, whose cost grows with the square of the length: 4 Ki bytes or characters.</summary>
    public const int MaxRadixLength = 4096;

    /// <summary>Every encoding.</summary>
    public static IEnumerable<MultibaseEncoding> Encodings => All.Select(entry => entry.Encoding);

    /// <summary>The registry's name of an encoding, such as <c>base58btc</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such encoding.</exception>
    public static string GetName(MultibaseEncoding encoding) => Required(encoding).Name;

    /// <summary>The encoding of a name; names are case-sensitive.</summary>
    public static bool TryGetEncoding(ReadOnlySpan<char> name, out MultibaseEncoding encoding)
    {
        foreach (var entry in All)
        {
            if (name.SequenceEqual(entry.Codec.Name))
            {
                encoding = entry.Encoding;
                return true;
            }
        }

        encoding = default;
        return false;
    }

    /// <summary>The encoding of a prefix.</summary>
    internal static bool TryGetEncodingOfPrefix(ReadOnlySpan<char> prefix, out MultibaseEncoding encoding)
    {
        encoding = default;
        if (Rune.DecodeFromUtf16(prefix, out var rune, out var length) != OperationStatus.Done || length != prefix.Length || Codec((MultibaseEncoding)rune.Value) is null)
        {
            return false;
        }

        encoding = (MultibaseEncoding)rune.Value;
        return true;
    }

    /// <summary>Encodes bytes, with the prefix.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such encoding, or more than <see cref="MaxLength"/> or <see cref="MaxRadixLength"/> bytes.</exception>
    public static string Encode(MultibaseEncoding encoding, ReadOnlySpan<byte> bytes)
    {
        var codec = Required(encoding);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, codec.MaxLength, nameof(bytes));
        var output = new ValueBuffer<char>(stackalloc char[256]);
        try
        {
            var prefix = new Rune((int)encoding);
            prefix.EncodeToUtf16(output.Reserve(prefix.Utf16SequenceLength));
            codec.Encode(bytes, ref output);
            return output.Written.ToString();
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <summary>Decodes text that starts with a prefix.</summary>
    /// <exception cref="MultiformatException">Empty, an unknown prefix, a character or length that the encoding does not have, or too long.</exception>
    public static byte[] Decode(ReadOnlySpan<char> text, out MultibaseEncoding encoding) =>
        TryDecode(text, out encoding, out var bytes, out var error) ? bytes : throw new MultiformatException(error);

    /// <summary>Decodes text that starts with a prefix; false where <see cref="Decode"/> throws.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out MultibaseEncoding encoding, [NotNullWhen(true)] out byte[]? bytes) =>
        TryDecode(text, out encoding, out bytes, out _);

    /// <summary>Decodes text that starts with a prefix; false with the reason where <see cref="Decode"/> throws.</summary>
    public static bool TryDecode(
        ReadOnlySpan<char> text, out MultibaseEncoding encoding, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? error)
    {
        var output = new ValueBuffer<byte>(stackalloc byte[256]);
        try
        {
            error = DecodeInto(text, ref output, out encoding);
            bytes = error is null ? output.Written.ToArray() : null;
            return error is null;
        }
        finally
        {
            output.Dispose();
        }
    }

    internal static bool TryDecode(BaseCodec codec, ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? error)
    {
        var output = new ValueBuffer<byte>(stackalloc byte[256]);
        try
        {
            error = DecodeInto(codec, text, ref output);
            bytes = error is null ? output.Written.ToArray() : null;
            return error is null;
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <summary>Appends what text with a prefix stands for; null, or what is wrong with it.</summary>
    internal static string? DecodeInto(scoped ReadOnlySpan<char> text, ref ValueBuffer<byte> output, out MultibaseEncoding encoding)
    {
        encoding = default;
        if (Rune.DecodeFromUtf16(text, out var prefix, out var length) != OperationStatus.Done)
        {
            return text.IsEmpty ? "multibase: the text is empty" : "multibase: the text does not start with a prefix";
        }

        if (Codec((MultibaseEncoding)prefix.Value) is not { } codec)
        {
            return $"multibase: prefix '{prefix}' is of no known encoding";
        }

        encoding = (MultibaseEncoding)prefix.Value;
        return DecodeInto(codec, text[length..], ref output);
    }

    /// <summary>Appends what text without a prefix stands for; null, or what is wrong with it.</summary>
    internal static string? DecodeInto(BaseCodec codec, scoped ReadOnlySpan<char> text, ref ValueBuffer<byte> output)
    {
        if (text.Length > codec.MaxLength)
        {
            return $"{codec.Name}: {text.Length} characters are more than {codec.MaxLength}";
        }

        if (text.IsEmpty && !codec.DecodesEmpty)
        {
            return $"{codec.Name}: the text is empty";
        }

        return codec.TryDecode(text, ref output) ? null : $"{codec.Name}: the text has a character or a length that the encoding does not have";
    }

    private static BaseCodec Required(MultibaseEncoding encoding) =>
        Codec(encoding) ?? throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "No such multibase encoding.");
}
