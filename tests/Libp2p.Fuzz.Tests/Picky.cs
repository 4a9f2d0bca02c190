namespace Libp2p.Fuzz.Tests;

/// <summary>A target with defects.</summary>
internal sealed class Picky() : FuzzTarget("picky")
{
    public override int MaxLength => 32;

    public override IEnumerable<byte[]> Seeds => [[1, 2, 3]];

    public override IReadOnlyList<byte[]> Dictionary => [[0xCA, 0xFE, 0xBA, 0xBE]];

    public override void Run(ReadOnlySpan<byte> input)
    {
        Property.Holds(!input.StartsWith((byte)0xCA), $"starts with {input[0]}");
        Property.Holds(!input.EndsWith((byte)0xFF), "ends with 255");
        if (input.StartsWith((byte)0xEE))
        {
            GC.KeepAlive(new byte[4 << 20]);
        }
    }
}
