using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Libp2p.Wire;

/// <summary>How many bytes values take on the wire, tags not included.</summary>
public static class WireSize
{
    /// <summary>A varint: one byte for every seven bits, at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Varint(ulong value) => ((BitOperations.Log2(value | 1) * 9) + 73) >> 6;

    /// <summary>That many bytes, with their length.</summary>
    public static int Bytes(int length) => Varint((uint)length) + length;

    /// <summary>A string as UTF-8, with its length.</summary>
    public static int String(string value) => Bytes(Encoding.UTF8.GetByteCount(value));

    /// <summary>An <c>int32</c> or an enumeration's value: ten bytes when negative.</summary>
    public static int Int32(int value) => Varint((ulong)(long)value);

    /// <summary>An <c>int64</c>.</summary>
    public static int Int64(long value) => Varint((ulong)value);

    /// <summary>A <c>uint32</c>.</summary>
    public static int UInt32(uint value) => Varint(value);

    /// <summary>A <c>uint64</c>.</summary>
    public static int UInt64(ulong value) => Varint(value);

    /// <summary>A <c>sint32</c>.</summary>
    public static int SInt32(int value) => Varint(ZigZag(value));

    /// <summary>A <c>sint64</c>.</summary>
    public static int SInt64(long value) => Varint(ZigZag(value));

    /// <summary>Small numbers of either sign as small numbers without one.</summary>
    public static uint ZigZag(int value) => (uint)((value << 1) ^ (value >> 31));

    /// <summary>Small numbers of either sign as small numbers without one.</summary>
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));
}
