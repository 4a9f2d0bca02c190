using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Libp2p.Wire;

/// <summary>
/// Reads the fields of one message, in order, from bytes it borrows. Errors stick: after the first, <see cref="Error"/> says what it was,
/// every read returns nothing and <see cref="ReadTag"/> returns 0, so that decoding code checks once, at its end.
/// </summary>
/// <remarks>
/// Limits are checked before the caller can allocate: a length is never trusted beyond the bytes that are really there.
/// See the encoding chapter of the Protocol Buffers documentation for the format.
/// </remarks>
public ref partial struct WireReader
{
    private ReadOnlySpan<byte> _buffer;
    private int _position;
    private int _fieldStart;
    private readonly int _depth;
    private WireError _error;

    /// <summary>Starts at the first byte of <paramref name="message"/>.</summary>
    /// <param name="message">Borrowed for the reader's life.</param>
    /// <param name="depth">Levels of messages and groups allowed, this message included.</param>
    public WireReader(ReadOnlySpan<byte> message, int depth = WireLimits.Depth)
    {
        _buffer = message;
        _depth = depth;
        if (depth <= 0)
        {
            Fail(WireError.TooDeep);
        }
    }

    /// <summary>The first thing that was wrong, or <see cref="WireError.None"/>.</summary>
    public readonly WireError Error => _error;

    /// <summary>Levels still allowed, this message included.</summary>
    public readonly int Depth => _depth;

    /// <summary>True when nothing is left to read, which is so after an error too.</summary>
    public readonly bool End => _position >= _buffer.Length;

    /// <summary>Records an error, unless one is recorded already, and ends the reading.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Fail(WireError error)
    {
        if (_error == WireError.None)
        {
            _error = error;
        }

        _buffer = default;
        _position = 0;
    }

    /// <summary>The next field's tag (number times eight, plus wire type), or 0 at the end of the message and after an error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadTag()
    {
        var position = _position;
        _fieldStart = position;
        if ((uint)position >= (uint)_buffer.Length)
        {
            return 0;
        }

        // Numbers 1 to 15 fit one byte.
        uint first = _buffer[position];
        if (first is >= 8 and < 0x80)
        {
            _position = position + 1;
            return first;
        }

        return ReadLongTag();
    }

    /// <summary>A varint of up to 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadVarint()
    {
        var position = _position;
        if ((uint)position < (uint)_buffer.Length)
        {
            uint first = _buffer[position];
            if (first < 0x80)
            {
                _position = position + 1;
                return first;
            }
        }

        return ReadLongVarint();
    }

    /// <summary>The bytes of a length-delimited field, not copied; empty after an error.</summary>
    /// <param name="maxLength">The field's limit in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ReadBytes(int maxLength = int.MaxValue)
    {
        var position = _position;
        var buffer = _buffer;
        if ((uint)position < (uint)buffer.Length)
        {
            // One byte of length is the rule.
            int length = buffer[position++];
            if (length < 0x80 && length <= maxLength && length <= buffer.Length - position)
            {
                _position = position + length;
                return buffer.Slice(position, length);
            }
        }

        return ReadLongBytes(maxLength);
    }

    /// <summary>The bytes of a string field, checked to be UTF-8, not copied; empty after an error.</summary>
    /// <param name="maxLength">The field's limit in bytes.</param>
    public ReadOnlySpan<byte> ReadUtf8(int maxLength = int.MaxValue)
    {
        var bytes = ReadBytes(maxLength);
        if (!Utf8.IsValid(bytes))
        {
            Fail(WireError.InvalidUtf8);
            return default;
        }

        return bytes;
    }

    /// <summary>A string field; empty after an error.</summary>
    /// <param name="maxLength">The field's limit in bytes of UTF-8.</param>
    public string ReadString(int maxLength = int.MaxValue) => Encoding.UTF8.GetString(ReadUtf8(maxLength));

    /// <summary>A reader for the submessage that starts here, one level deeper. Hand it back to <see cref="Leave"/>.</summary>
    /// <param name="maxLength">The field's limit in bytes.</param>
    public WireReader Enter(int maxLength = int.MaxValue)
    {
        var message = ReadBytes(maxLength);
        return new WireReader(message, _depth - 1);
    }

    /// <summary>Takes over the error of a submessage's reader, if it met one.</summary>
    public void Leave(scoped in WireReader inner)
    {
        if (inner._error != WireError.None)
        {
            Fail(inner._error);
        }
    }

    /// <summary>A reader for the packed scalars that start here. Hand it back to <see cref="Leave"/>.</summary>
    public WireReader EnterPacked() => new(ReadBytes(), 1);

    /// <summary>Whether a repeated field that holds <paramref name="count"/> elements may take one more; an error is recorded if not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Admit(int count, int maxCount)
    {
        if (count < maxCount)
        {
            return true;
        }

        Fail(WireError.TooManyElements);
        return false;
    }

    private uint ReadLongTag()
    {
        var tag = ReadVarint();
        if (_error != WireError.None)
        {
            return 0;
        }

        if (tag > uint.MaxValue)
        {
            Fail(WireError.FieldNumberOutOfRange);
            return 0;
        }

        if (tag < 8)
        {
            Fail(WireError.InvalidFieldNumber);
            return 0;
        }

        return (uint)tag;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong ReadLongVarint()
    {
        ulong value = 0;
        var buffer = _buffer;
        var position = _position;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if ((uint)position >= (uint)buffer.Length)
            {
                Fail(WireError.Truncated);
                return 0;
            }

            uint next = buffer[position++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                if (shift == 63 && next > 1)
                {
                    Fail(WireError.VarintOverflow);
                    return 0;
                }

                _position = position;
                return value;
            }
        }

        Fail(WireError.MalformedVarint);
        return 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReadOnlySpan<byte> ReadLongBytes(int maxLength)
    {
        var length = ReadVarint();
        if (length <= (uint)maxLength && length <= (uint)(_buffer.Length - _position))
        {
            var bytes = _buffer.Slice(_position, (int)length);
            _position += (int)length;
            return bytes;
        }

        Fail(length > int.MaxValue ? WireError.LengthOutOfRange
            : length > (uint)(_buffer.Length - _position) ? WireError.Truncated
            : WireError.FieldTooLong);
        return default;
    }
}
