using System.Buffers;
using System.Text;

namespace Libp2p.Swarm.Multistream;

/// <summary>The tokens of multistream-select 1.0: unsigned varint length, text, newline; the newline counts.</summary>
internal static class MultistreamWire
{
    /// <summary>The longest token accepted, newline included.</summary>
    public const int MaxTokenLength = 1024;

    /// <summary>What holds any token with its length.</summary>
    public const int ScratchLength = MaxTokenLength + 2;

    /// <summary>What both sides send first.</summary>
    public static ReadOnlySpan<byte> HeaderLine => "\x13/multistream/1.0.0\n"u8;

    /// <summary>The refusal of a proposal.</summary>
    public static ReadOnlySpan<byte> NotAvailableLine => "\x03na\n"u8;

    public static ReadOnlySpan<byte> NotAvailableText => NotAvailableLine[1..^1];

    public static ReadOnlySpan<byte> ListText => "ls"u8;

    /// <summary>The text of a protocol id, as it stands in its line.</summary>
    public static ReadOnlySpan<byte> TextOf(ProtocolId protocol)
    {
        var line = protocol.MultistreamLine.Span;
        return line[(line[0] < 0x80 ? 1 : 2)..^1];
    }

    /// <summary>
    /// Takes the header off the input; false where it is not whole yet, and nothing is taken. The first byte that is wrong is enough: what speaks another
    /// protocol is not waited for.
    /// </summary>
    /// <param name="input">Advanced past the header.</param>
    /// <param name="who">Who speaks, for the error.</param>
    /// <exception cref="NegotiationException">It begins in another way.</exception>
    public static bool TryReadHeader(ref ReadOnlySequence<byte> input, string who)
    {
        Span<byte> start = stackalloc byte[HeaderLine.Length];
        start = start[..(int)Math.Min(start.Length, input.Length)];
        input.Slice(0, start.Length).CopyTo(start);
        if (!HeaderLine.StartsWith(start)) throw new NegotiationException($"multistream-select: the {who} began with '{Show(start)}' instead of its header.");
        if (start.Length < HeaderLine.Length) return false;
        input = input.Slice(HeaderLine.Length);
        return true;
    }

    /// <summary>Takes one token off the input, never a byte more; false where it is not whole yet, and nothing is taken.</summary>
    /// <param name="input">Advanced past the token.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> bytes, for tokens that are spread over segments.</param>
    /// <param name="token">The text, without its newline; valid as long as the input and the scratch are.</param>
    /// <exception cref="NegotiationException">Not a token, whatever follows.</exception>
    public static bool TryReadToken(ref ReadOnlySequence<byte> input, Span<byte> scratch, out ReadOnlySpan<byte> token)
    {
        token = default;
        var bytes = input.FirstSpan;
        if (!input.IsSingleSegment)
        {
            var gathered = (int)Math.Min(ScratchLength, input.Length);
            input.Slice(0, gathered).CopyTo(scratch);
            bytes = scratch[..gathered];
        }

        if (bytes.IsEmpty) return false;

        int length = bytes[0];
        var prefix = 1;
        if (length >= 0x80)
        {
            if (bytes.Length < 2) return false;
            if (bytes[1] == 0) throw new NegotiationException("multistream-select: the length of a token is not minimally encoded.");
            if (bytes[1] >= 0x80) throw TooLong();
            length = (length & 0x7f) | (bytes[1] << 7);
            prefix = 2;
        }

        if (length > MaxTokenLength) throw TooLong();
        if (length == 0) throw new NegotiationException("multistream-select: an empty token.");
        if (bytes.Length < prefix + length) return false;
        if (bytes[prefix + length - 1] != (byte)'\n') throw new NegotiationException("multistream-select: a token does not end with a newline.");

        token = bytes.Slice(prefix, length - 1);
        input = input.Slice(prefix + length);
        return true;
    }

    /// <summary>A token as an error may show it.</summary>
    public static string Show(ReadOnlySpan<byte> token)
    {
        const int shown = 64;
        var text = new StringBuilder();
        foreach (var character in Encoding.UTF8.GetString(token[..Math.Min(shown, token.Length)]))
        {
            text.Append(char.IsControl(character) ? '?' : character);
        }

        return token.Length > shown ? text.Append("...").ToString() : text.ToString();
    }

    private static NegotiationException TooLong() => new($"multistream-select: a token of more than {MaxTokenLength} bytes.");
}
