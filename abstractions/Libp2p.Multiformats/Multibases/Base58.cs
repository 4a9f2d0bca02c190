using System.Diagnostics.CodeAnalysis;

namespace Libp2p.Multiformats;

/// <summary>Base58 with Bitcoin's alphabet and no prefix, as peer ids and CIDv0 are written. Its cost is quadratic: inputs are bounded.</summary>
public static class Base58
{
    /// <summary>The longest input: bytes to encode, characters to decode.</summary>
    public const int MaxLength = Multibase.MaxRadixLength;

    /// <summary>Encodes bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="MaxLength"/> bytes.</exception>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MaxLength, nameof(bytes));
        var output = new ValueBuffer<char>(stackalloc char[256]);
        try
        {
            Multibase.Base58Btc.Encode(bytes, ref output);
            return output.Written.ToString();
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <summary>Decodes text.</summary>
    /// <exception cref="MultiformatException">A character outside of the alphabet, or more than <see cref="MaxLength"/> characters.</exception>
    public static byte[] Decode(ReadOnlySpan<char> text) =>
        Multibase.TryDecode(Multibase.Base58Btc, text, out var bytes, out var error) ? bytes : throw new MultiformatException(error);

    /// <summary>Decodes text; false where <see cref="Decode"/> throws.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes) =>
        Multibase.TryDecode(Multibase.Base58Btc, text, out bytes, out _);

    /// <summary>Decodes text into bytes of the caller's; false where <see cref="Decode"/> throws, and where they do not fit. Does not allocate.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="written">How many bytes there are; zero when false.</param>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination, out int written)
    {
        written = 0;
        var output = new ValueBuffer<byte>(stackalloc byte[256]);
        try
        {
            if (text.Length > MaxLength || text.IsEmpty || !Multibase.Base58Btc.TryDecode(text, ref output) || !output.Written.TryCopyTo(destination))
            {
                return false;
            }

            written = output.Length;
            return true;
        }
        finally
        {
            output.Dispose();
        }
    }
}
