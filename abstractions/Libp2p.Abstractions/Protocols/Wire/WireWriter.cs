using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Libp2p.Wire;

/// <summary>Writes the fields of a message into bytes it borrows. Sizes come from <see cref="WireSize"/>: ask first, then write.</summary>
/// <remarks>Every write throws <see cref="ArgumentException"/> when the destination is too short.</remarks>
public ref struct WireWriter
{
    private readonly Span<byte> _buffer;
    private int _position;

    /// <summary>Starts at the first byte of <paramref name="destination"/>.</summary>
    public WireWriter(Span<byte> destination) => _buffer = destination;

    /// <summary>Bytes written so far.</summary>
    public readonly int Written => _position;

    /// <summary>A field's tag: number times eight, plus wire type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteTag(uint tag) => WriteVarint(tag);

    /// <summary>A varint.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteVarint(ulong value)
    {
        if (value < 0x80 && (uint)_position < (uint)_buffer.Length)
        {
            _buffer[_position++] = (byte)value;
            return;
        }

        WriteLongVarint(value);
    }

    /// <summary>Bytes as they are, without a length: what was kept of unknown fields.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Bytes with their length.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteVarint((uint)bytes.Length);
        WriteRaw(bytes);
    }

    /// <summary>A string as UTF-8, with its length.</summary>
    public void WriteString(string value)
    {
        // A char makes three bytes at most: the length of a short string fits one byte, and is known once the string is written.
        if (value.Length <= 0x7f / 3 && _position < _buffer.Length)
        {
            var written = Encoding.UTF8.GetBytes(value, _buffer[(_position + 1)..]);
            _buffer[_position] = (byte)written;
            _position += 1 + written;
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        WriteVarint((uint)length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>An <c>int32</c>: negative values take ten bytes.</summary>
    public void WriteInt32(int value) => WriteVarint((ulong)(long)value);

    /// <summary>An <c>int64</c>.</summary>
    public void WriteInt64(long value) => WriteVarint((ulong)value);

    /// <summary>A <c>uint32</c>.</summary>
    public void WriteUInt32(uint value) => WriteVarint(value);

    /// <summary>A <c>uint64</c>.</summary>
    public void WriteUInt64(ulong value) => WriteVarint(value);

    /// <summary>A <c>sint32</c>: zigzag.</summary>
    public void WriteSInt32(int value) => WriteVarint(WireSize.ZigZag(value));

    /// <summary>A <c>sint64</c>: zigzag.</summary>
    public void WriteSInt64(long value) => WriteVarint(WireSize.ZigZag(value));

    /// <summary>A <c>bool</c>.</summary>
    public void WriteBool(bool value) => WriteVarint(value ? 1u : 0u);

    /// <summary>A <c>fixed32</c>.</summary>
    public void WriteFixed32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);

    /// <summary>A <c>fixed64</c>.</summary>
    public void WriteFixed64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

    /// <summary>An <c>sfixed32</c>.</summary>
    public void WriteSFixed32(int value) => WriteFixed32((uint)value);

    /// <summary>An <c>sfixed64</c>.</summary>
    public void WriteSFixed64(long value) => WriteFixed64((ulong)value);

    /// <summary>A <c>float</c>.</summary>
    public void WriteFloat(float value) => WriteFixed32(BitConverter.SingleToUInt32Bits(value));

    /// <summary>A <c>double</c>.</summary>
    public void WriteDouble(double value) => WriteFixed64(BitConverter.DoubleToUInt64Bits(value));

    private Span<byte> Take(int length)
    {
        if (length > _buffer.Length - _position)
        {
            ThrowTooShort();
        }

        var taken = _buffer.Slice(_position, length);
        _position += length;
        return taken;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteLongVarint(ulong value)
    {
        var taken = Take(WireSize.Varint(value));
        for (var i = 0; i < taken.Length - 1; i++)
        {
            taken[i] = (byte)(value | 0x80);
            value >>= 7;
        }

        taken[^1] = (byte)value;
    }

    private static void ThrowTooShort() => throw new ArgumentException("The destination is shorter than the message.", "destination");
}
