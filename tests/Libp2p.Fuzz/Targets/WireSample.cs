using Libp2p.Wire;

namespace Libp2p.Fuzz.Targets;

/// <summary>Messages that have every field of a schema.</summary>
internal static class WireSample
{
    /// <param name="schema">The schema.</param>
    /// <param name="repeat">How often repeated fields occur.</param>
    public static byte[] Of(WireMessageDescriptor schema, int repeat)
    {
        var bytes = new List<byte>();
        foreach (var field in schema.Fields)
        {
            for (var i = 0; i < (field.Presence == WirePresence.Repeated ? repeat : 1); i++)
            {
                Add(bytes, field, i);
            }
        }

        return [.. bytes];
    }

    private static void Add(List<byte> bytes, WireFieldDescriptor field, int index)
    {
        switch (field.Kind)
        {
            case WireFieldKind.Double or WireFieldKind.Fixed64 or WireFieldKind.SFixed64:
                Tag(bytes, field, WireType.Fixed64);
                bytes.AddRange(BitConverter.GetBytes(index + 1L));
                break;
            case WireFieldKind.Float or WireFieldKind.Fixed32 or WireFieldKind.SFixed32:
                Tag(bytes, field, WireType.Fixed32);
                bytes.AddRange(BitConverter.GetBytes(index + 1));
                break;
            case WireFieldKind.String or WireFieldKind.Bytes:
                Delimited(bytes, field, "abc"u8[..(index % 4)]);
                break;
            case WireFieldKind.Message:
                Delimited(bytes, field, Of(field.Message!(), 1));
                break;
            default:
                Tag(bytes, field, WireType.Varint);
                bytes.Add((byte)(field.EnumValues.IsEmpty ? index + 1 : field.EnumValues[index % field.EnumValues.Length].Number & 0x7f));
                break;
        }
    }

    private static void Delimited(List<byte> bytes, WireFieldDescriptor field, ReadOnlySpan<byte> value)
    {
        Tag(bytes, field, WireType.Length);
        Varint(bytes, (uint)value.Length);
        bytes.AddRange(value);
    }

    private static void Tag(List<byte> bytes, WireFieldDescriptor field, WireType type) => Varint(bytes, ((uint)field.Number << 3) | (uint)type);

    private static void Varint(List<byte> bytes, uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }
}
