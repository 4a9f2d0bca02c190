using System.Buffers;
using Libp2p.Wire;

namespace Libp2p.Fuzz.Targets;

/// <summary>A generated codec: what is decoded and encoded decodes again, to the same encoding.</summary>
internal sealed class WireTarget(WireMessageDescriptor schema) : FuzzTarget("wire-" + schema.FullName)
{
    public override IEnumerable<byte[]> Seeds => [[], WireSample.Of(schema, 1), WireSample.Of(schema, 3)];

    public override void Run(ReadOnlySpan<byte> input)
    {
        var once = new ArrayBufferWriter<byte>();
        if (schema.Rewrite(input, once) is var error && error != WireError.None)
        {
            Property.Holds(once.WrittenCount == 0, "refused, and written nevertheless");
            Property.Holds(new WireFormatException(error, schema.FullName).Message.Length > schema.FullName.Length + 2, "refused without a reason");
            return;
        }

        Property.Holds(once.WrittenCount <= (2 * input.Length) + 64, $"{input.Length} bytes became {once.WrittenCount}");
        var twice = new ArrayBufferWriter<byte>();
        var again = schema.Rewrite(once.WrittenSpan, twice);
        Property.Holds(again == WireError.None, $"its own encoding is refused: {again}");
        Property.Same(twice.WrittenSpan, once.WrittenSpan, "encoded in two ways");
    }
}
