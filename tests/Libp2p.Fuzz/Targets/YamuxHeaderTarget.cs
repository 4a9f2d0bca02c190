using Libp2p.Muxers.Yamux.Wire;

namespace Libp2p.Fuzz.Targets;

/// <summary>Headers: written as they were read, or refused with a protocol error.</summary>
internal sealed class YamuxHeaderTarget() : FuzzTarget("yamux-header")
{
    public override int MaxLength => 16;

    public override IEnumerable<byte[]> Seeds => [[0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 5], [0, 1, 0, 1, 0, 0, 0, 3, 0, 4, 0, 0], [0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1], [0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]];

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < YamuxHeader.Size)
        {
            return;
        }

        try
        {
            Span<byte> again = stackalloc byte[YamuxHeader.Size];
            YamuxHeader.Read(input).Write(again);
            Property.Same(again, input[..YamuxHeader.Size], "written as it was not read");
        }
        catch (MuxerException error)
        {
            Property.Holds(error.Code.Value == GoAwayReason.ProtocolError, "not the remote's fault");
        }
    }
}
