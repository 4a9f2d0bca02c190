namespace Libp2p;

/// <summary>The protobuf form of keys: <c>Type</c> = 1, <c>Data</c> = 2, both required.</summary>
internal static class KeyProtobuf
{
    /// <summary>Writes the one canonical form: fields in order, shortest varints.</summary>
    public static byte[] Encode(KeyType type, ReadOnlySpan<byte> data)
    {
        var lengthSize = 1;
        for (var rest = data.Length; rest >= 0x80; rest >>= 7) lengthSize++;
        var bytes = new byte[3 + lengthSize + data.Length];
        bytes[0] = 0x08;
        bytes[1] = (byte)type;
        bytes[2] = 0x12;
        var at = 3;
        var length = data.Length;
        for (; length >= 0x80; length >>= 7) bytes[at++] = (byte)(length | 0x80);
        bytes[at++] = (byte)length;
        data.CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    /// <summary>Reads both fields; false for anything malformed or missing. The data is a slice of the input.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out KeyType type, out ReadOnlySpan<byte> data)
    {
        type = default;
        data = default;
        var (hasType, hasData) = (false, false);
        while (!bytes.IsEmpty)
        {
            if (!TryReadVarint(ref bytes, out var tag)) return false;
            var field = tag >> 3;
            if (field is 0 or > 0x1FFFFFFF) return false;
            switch (tag & 7)
            {
                case 0:
                    if (!TryReadVarint(ref bytes, out var value)) return false;
                    if (field == 1) (type, hasType) = ((KeyType)(int)value, true);
                    break;
                case 1:
                    if (bytes.Length < 8) return false;
                    bytes = bytes[8..];
                    break;
                case 2:
                    if (!TryReadVarint(ref bytes, out var length) || length > (ulong)bytes.Length) return false;
                    if (field == 2)
                    {
                        data = bytes[..(int)length];
                        hasData = true;
                    }

                    bytes = bytes[(int)length..];
                    break;
                case 5:
                    if (bytes.Length < 4) return false;
                    bytes = bytes[4..];
                    break;
                default:
                    return false;
            }
        }

        return hasType && hasData;
    }

    internal static bool TryReadVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < Math.Min(10, bytes.Length); i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80) continue;
            if (i == 9 && bytes[i] > 1) return false;
            bytes = bytes[(i + 1)..];
            return true;
        }

        return false;
    }
}
