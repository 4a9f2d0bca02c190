using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Libp2p.Multiformats;

internal static class Utf8Text
{
    /// <summary>Appends bytes as text. Each byte that is no part of valid UTF-8 reads as U+FFFD.</summary>
    public static void Decode(scoped ReadOnlySpan<byte> bytes, ref ValueBuffer<char> output)
    {
        while (bytes.Length > 0)
        {
            var valid = Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == OperationStatus.Done;
            rune.EncodeToUtf16(output.Reserve(rune.Utf16SequenceLength));
            bytes = bytes[(valid ? consumed : 1)..];
        }
    }

    /// <summary>Appends text as bytes; false on an unpaired surrogate.</summary>
    public static bool TryEncode(scoped ReadOnlySpan<char> text, ref ValueBuffer<byte> output)
    {
        var span = output.Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        var status = Utf8.FromUtf16(text, span, out _, out var written, replaceInvalidSequences: false);
        output.Shrink(span.Length - written);
        return status == OperationStatus.Done;
    }
}
