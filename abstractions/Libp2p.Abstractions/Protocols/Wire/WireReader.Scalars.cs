using System.Buffers.Binary;

namespace Libp2p.Wire;

// One method a scalar type of the protobuf language. Values wider than their type lose their upper bits, as protobuf says.
public ref partial struct WireReader
{
    /// <summary>An <c>int32</c>.</summary>
    public int ReadInt32() => (int)ReadVarint();

    /// <summary>An <c>int64</c>.</summary>
    public long ReadInt64() => (long)ReadVarint();

    /// <summary>A <c>uint32</c>.</summary>
    public uint ReadUInt32() => (uint)ReadVarint();

    /// <summary>A <c>uint64</c>.</summary>
    public ulong ReadUInt64() => ReadVarint();

    /// <summary>A <c>sint32</c>: zigzag.</summary>
    public int ReadSInt32()
    {
        var value = (uint)ReadVarint();
        return (int)(value >> 1) ^ -(int)(value & 1);
    }

    /// <summary>A <c>sint64</c>: zigzag.</summary>
    public long ReadSInt64()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A <c>bool</c>.</summary>
    public bool ReadBool() => ReadVarint() != 0;

    /// <summary>A <c>fixed32</c>.</summary>
    public uint ReadFixed32()
    {
        if (_buffer.Length - _position < sizeof(uint))
        {
            Fail(WireError.Truncated);
            return 0;
        }

        var value = BinaryPrimitives.ReadUInt32LittleEndian(_buffer[_position..]);
        _position += sizeof(uint);
        return value;
    }

    /// <summary>A <c>fixed64</c>.</summary>
    public ulong ReadFixed64()
    {
        if (_buffer.Length - _position < sizeof(ulong))
        {
            Fail(WireError.Truncated);
            return 0;
        }

        var value = BinaryPrimitives.ReadUInt64LittleEndian(_buffer[_position..]);
        _position += sizeof(ulong);
        return value;
    }

    /// <summary>An <c>sfixed32</c>.</summary>
    public int ReadSFixed32() => (int)ReadFixed32();

    /// <summary>An <c>sfixed64</c>.</summary>
    public long ReadSFixed64() => (long)ReadFixed64();

    /// <summary>A <c>float</c>.</summary>
    public float ReadFloat() => BitConverter.UInt32BitsToSingle(ReadFixed32());

    /// <summary>A <c>double</c>.</summary>
    public double ReadDouble() => BitConverter.UInt64BitsToDouble(ReadFixed64());
}
