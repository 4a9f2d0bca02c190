using System.Text;
using Libp2p.Multiformats;

namespace Libp2p.Fuzz.Targets;

/// <summary>Text of any base: what is read can be written, and what is written reads as what it was.</summary>
internal sealed class MultibaseTarget() : FuzzTarget("multibase")
{
    private static readonly MultibaseEncoding[] Encodings = [.. Multibase.Encodings];

    public override int MaxLength => 512;

    public override IEnumerable<byte[]> Seeds => Encodings.Select(encoding => Encoding.UTF8.GetBytes(Multibase.Encode(encoding, "yes mani !"u8)));

    public override void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (Multibase.TryDecode(text, out var encoding, out var bytes, out var error))
        {
            Property.Holds(bytes.Length <= 4 * text.Length, "more bytes than characters can hold");
            RoundTrip(encoding, bytes);
        }
        else
        {
            Property.Holds(!string.IsNullOrEmpty(error), "refused without a reason");
        }

        if (!input.IsEmpty)
        {
            RoundTrip(Encodings[input[0] % Encodings.Length], input[1..]);
        }
    }

    private static void RoundTrip(MultibaseEncoding encoding, ReadOnlySpan<byte> bytes)
    {
        var text = Multibase.Encode(encoding, bytes);
        if (!Multibase.TryDecode(text, out var same, out var again, out var error))
        {
            // The number bases have no empty text.
            Property.Holds(bytes.IsEmpty, $"{encoding}: its own text is refused: {error}");
            return;
        }

        Property.Holds(same == encoding, $"{encoding} became {same}");
        if (encoding == MultibaseEncoding.Identity && text.Contains('\ufffd'))
        {
            // Text cannot carry bytes that are no UTF-8: documented.
            return;
        }

        Property.Holds(bytes.SequenceEqual(again), $"{encoding}: not what was written");
    }
}
