namespace Libp2p;

// Stands in until the wire generator lands.
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public int Field { get; private set; }

    public int WireType { get; private set; }

    public ulong Number { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public bool Failed { get; private set; }

    public bool Next()
    {
        if (_rest.IsEmpty || Failed) return false;
        Failed = true;
        if (!KeyProtobuf.TryReadVarint(ref _rest, out var tag) || tag >> 3 is 0 or > 0x1FFFFFFF) return false;
        (Field, WireType) = ((int)(tag >> 3), (int)(tag & 7));
        ulong length = 0;
        switch (WireType)
        {
            case 0:
                if (!KeyProtobuf.TryReadVarint(ref _rest, out var number)) return false;
                Number = number;
                break;
            case 1:
                length = 8;
                break;
            case 2:
                if (!KeyProtobuf.TryReadVarint(ref _rest, out length)) return false;
                break;
            case 5:
                length = 4;
                break;
            default:
                return false;
        }

        if (length > (ulong)_rest.Length) return false;
        Value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        Failed = false;
        return true;
    }
}

internal sealed class ProtobufWriter
{
    private readonly List<byte> _bytes = [];

    public ReadOnlySpan<byte> Written => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes);

    public void Varint(int field, ulong value)
    {
        Raw((ulong)field << 3);
        Raw(value);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Raw(((ulong)field << 3) | 2);
        Raw((ulong)value.Length);
        _bytes.AddRange(value);
    }

    private void Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }
}

internal static class EnvelopeCodec
{
    public static byte[] Encode(PublicKey key, ReadOnlySpan<byte> payloadType, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature)
    {
        var writer = new ProtobufWriter();
        writer.Bytes(1, key.Protobuf.Span);
        writer.Bytes(2, payloadType);
        writer.Bytes(3, payload);
        writer.Bytes(5, signature);
        return writer.Written.ToArray();
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PublicKey? key, out byte[] payloadType, out byte[] payload, out byte[] signature)
    {
        key = null;
        payloadType = payload = signature = [];
        ReadOnlySpan<byte> keyBytes = default;
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            if (reader.WireType != 2) continue;
            switch (reader.Field)
            {
                case 1: keyBytes = reader.Value; break;
                case 2: payloadType = reader.Value.ToArray(); break;
                case 3: payload = reader.Value.ToArray(); break;
                case 5: signature = reader.Value.ToArray(); break;
            }
        }

        return !reader.Failed && PublicKey.TryFromProtobuf(keyBytes, out key);
    }
}
