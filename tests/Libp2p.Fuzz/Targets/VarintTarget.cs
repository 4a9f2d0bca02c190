using System.Buffers;
using Libp2p.Multiformats;

namespace Libp2p.Fuzz.Targets;

/// <summary>One reading, whatever the pieces; only the shortest form; every prefix needs more.</summary>
internal sealed class VarintTarget() : FuzzTarget("varint")
{
    public override int MaxLength => 64;

    public override IEnumerable<byte[]> Seeds => [[0], [0x7f], [0x80, 1], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], [0x80, 0], [0xac, 2, 1]];

    public override void Run(ReadOnlySpan<byte> input)
    {
        var status = UnsignedVarint.TryRead(input, out var value, out var length);
        var bytes = input.ToArray();
        for (var at = 0; at <= Math.Min(bytes.Length, 12); at++)
        {
            var pieces = Pieces.Cut(bytes, at);
            Property.Holds(UnsignedVarint.TryRead(pieces, out var same, out var sameLength) == status && same == value && sameLength == length, "a cut changes what is read");
            var reader = new SequenceReader<byte>(pieces);
            Property.Holds(UnsignedVarint.TryRead(ref reader, out same) == status && same == value && reader.Consumed == length, "a reader reads something else");
        }

        switch (status)
        {
            case VarintStatus.Done:
                Property.Holds(value <= UnsignedVarint.MaxValue && length is > 0 and <= UnsignedVarint.MaxLength, "out of range");
                Span<byte> again = stackalloc byte[UnsignedVarint.MaxLength];
                Property.Same(again[..UnsignedVarint.Write(again, value)], input[..length], "written as it was not read");
                for (var prefix = 0; prefix < length; prefix++)
                {
                    Property.Holds(UnsignedVarint.TryRead(input[..prefix], out _, out _) == VarintStatus.NeedMoreData, "a prefix was enough");
                }

                break;
            case VarintStatus.NeedMoreData:
                Property.Holds(input.Length < UnsignedVarint.MaxLength && input.IndexOfAnyInRange((byte)0, (byte)0x7f) < 0, "more was asked for in vain");
                break;
            case VarintStatus.Overlong:
                Property.Holds(input.IndexOf((byte)0) > 0, "not overlong");
                break;
            default:
                Property.Holds(input[..UnsignedVarint.MaxLength].IndexOfAnyInRange((byte)0, (byte)0x7f) < 0, "not too long");
                break;
        }
    }
}
