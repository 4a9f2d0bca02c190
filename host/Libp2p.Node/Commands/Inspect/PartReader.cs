using System.Diagnostics.CodeAnalysis;
using Libp2p.Multiformats;

namespace Libp2p.Node.Commands.Inspect;

/// <summary>Cuts bytes into parts and remembers where each began. The bytes were checked before, by the type that they are of: what does not fit here is a mistake of this program.</summary>
/// <param name="bytes">What is cut.</param>
/// <param name="offset">Where they begin in the whole.</param>
internal sealed class PartReader(ReadOnlyMemory<byte> bytes, int offset = 0)
{
    private int _position;

    public bool AtEnd => _position == bytes.Length;

    public int Offset => offset + _position;

    /// <summary>The next bytes as one part.</summary>
    public Part Take(string name, int length, Func<ReadOnlyMemory<byte>, string>? describe = null)
    {
        var taken = bytes.Slice(_position, length);
        var part = new Part(name, describe is null ? "" : describe(taken), Offset, taken);
        _position += length;
        return part;
    }

    /// <summary>The fields that are left, which no schema here has, as one part; none where there are none.</summary>
    public IEnumerable<Part> TakeUnknown() => AtEnd ? [] : [TakeRest("unknown fields")];

    public Part TakeRest(string name, Func<ReadOnlyMemory<byte>, string>? describe = null) => Take(name, bytes.Length - _position, describe);

    /// <summary>A multiformats varint.</summary>
    public Part TakeVarint(string name, out ulong value, Func<ulong, string>? describe = null)
    {
        var read = UnsignedVarint.Read(bytes.Span[_position..], out var length);
        value = read;
        return Take(name, length, _ => describe is null ? read.ToString(System.Globalization.CultureInfo.InvariantCulture) : describe(read));
    }

    /// <summary>A protobuf field with its tag: its number, and its bytes where it has a length, else its number as value. False at the end, or at what is no such field.</summary>
    public bool TryTakeField(out int number, out ulong scalar, out ReadOnlyMemory<byte> content, [NotNullWhen(true)] out Part? field)
    {
        (number, scalar, content, field) = (0, 0, default, null);
        var start = _position;
        if (!AtEnd && TryReadVarint(out var tag) && TryReadValue((int)(tag & 7), out scalar, out content))
        {
            number = (int)(tag >> 3);
            field = new Part("", "", offset + start, bytes[start.._position]);
            return true;
        }

        _position = start;
        return false;
    }

    private bool TryReadValue(int wireType, out ulong scalar, out ReadOnlyMemory<byte> content)
    {
        (scalar, content) = (0, default);
        if (wireType is 0 or 2 && !TryReadVarint(out scalar)) return false;
        var length = wireType switch { 0 => 0UL, 1 => 8UL, 2 => scalar, 5 => 4UL, _ => ulong.MaxValue };
        if (length > (ulong)(bytes.Length - _position)) return false;
        content = bytes.Slice(_position, (int)length);
        _position += content.Length;
        return true;
    }

    private bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70 && !AtEnd; shift += 7)
        {
            var b = bytes.Span[_position++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return true;
        }

        return false;
    }
}
