using System.Runtime.CompilerServices;

namespace Libp2p.Wire;

/// <summary>How one scalar type is laid out.</summary>
/// <typeparam name="T">The C# type.</typeparam>
public interface IWireScalar<T>
    where T : unmanaged
{
    /// <summary>The wire type of a single value.</summary>
    static abstract WireType WireType { get; }

    /// <summary>Reads one value.</summary>
    static abstract T Read(ref WireReader reader);
}

/// <summary>The scalar types of the protobuf language.</summary>
public static class WireScalar
{
    /// <summary><c>int32</c>.</summary>
    public readonly struct Int32 : IWireScalar<int>
    {
        /// <inheritdoc/>
        public static WireType WireType => WireType.Varint;

        /// <inheritdoc/>
        public static int Read(ref WireReader reader) => reader.ReadInt32();
    }

    /// <summary><c>int64</c>.</summary>
    public readonly struct Int64 : IWireScalar<long>
    {
        /// <inheritdoc/>
        public static WireType WireType => WireType.Varint;

        /// <inheritdoc/>
        public static long Read(ref WireReader reader) => reader.ReadInt64();
    }

    /// <summary><c>uint32</c>.</summary>
    public readonly struct UInt32 : IWireScalar<uint>
    {
        /// <inheritdoc/>
        public static WireType WireType => WireType.Varint;

        /// <inheritdoc/>
        public static uint Read(ref WireReader reader) => reader.ReadUInt32();
    }

    /// <summary><c>uint64</c>.</summary>
    public readonly struct UInt64 : IWireScalar<ulong>
    {
        /// <inheritdoc/>
        public static WireType WireType => WireType.Varint;

        /// <inheritdoc/>
        public static ulong Read(ref WireReader reader) => reader.ReadUInt64();
    }

    /// <summary><c>sint32</c>.</summary>
    public readonly struct SInt32 : IWireScalar<int>
    {
        /// <inheritdoc/>
        public static WireType WireType => WireType.Varint;

        /// <inheritdoc/>
        public static int Read(ref WireReader reader) => reader.ReadSInt32();
    }

    /// <summary><c>sint64</c>.</summary>
    public readonly struct SInt64 : IWireScalar<long>
    {
        /// <inheritdoc/>
        public static WireType WireType => WireType.Varint;

        /// <inheritdoc/>
        public static long Read(ref WireReader reader) => reader.ReadSInt64();
    }

    /// <summary><c>bool</c>.</summary>
    public readonly struct Bool : IWireScalar<bool>
    {
        /// <inheritdoc/>
        public static WireType WireType => WireType.Varint;

        /// <inheritdoc/>
        public static bool Read(ref WireReader reader) => reader.ReadBool();
    }

    /// <summary><c>fixed32</c>.</summary>
    public readonly struct Fixed32 : IWireScalar<uint>
    {
        /// <inheritdoc/>
        public static WireType WireType => WireType.Fixed32;

        /// <inheritdoc/>
        public static uint Read(ref WireReader reader) => reader.ReadFixed32();
    }

    /// <summary><c>fixed64</c>.</summary>
    public readonly struct Fixed64 : IWireScalar<ulong>
    {
        /// <inheritdoc/>
        public static WireType WireType => WireType.Fixed64;

        /// <inheritdoc/>
        public static ulong Read(ref WireReader reader) => reader.ReadFixed64();
    }

    /// <summary><c>sfixed32</c>.</summary>
    public readonly struct SFixed32 : IWireScalar<int>
    {
        /// <inheritdoc/>
        public static WireType WireType => WireType.Fixed32;

        /// <inheritdoc/>
        public static int Read(ref WireReader reader) => reader.ReadSFixed32();
    }

    /// <summary><c>sfixed64</c>.</summary>
    public readonly struct SFixed64 : IWireScalar<long>
    {
        /// <inheritdoc/>
        public static WireType WireType => WireType.Fixed64;

        /// <inheritdoc/>
        public static long Read(ref WireReader reader) => reader.ReadSFixed64();
    }

    /// <summary><c>float</c>.</summary>
    public readonly struct Float : IWireScalar<float>
    {
        /// <inheritdoc/>
        public static WireType WireType => WireType.Fixed32;

        /// <inheritdoc/>
        public static float Read(ref WireReader reader) => reader.ReadFloat();
    }

    /// <summary><c>double</c>.</summary>
    public readonly struct Double : IWireScalar<double>
    {
        /// <inheritdoc/>
        public static WireType WireType => WireType.Fixed64;

        /// <inheritdoc/>
        public static double Read(ref WireReader reader) => reader.ReadDouble();
    }

    /// <summary>An enumeration, open: values that the schema does not name are kept.</summary>
    public readonly struct Enum<T> : IWireScalar<T>
        where T : unmanaged, Enum
    {
        /// <inheritdoc/>
        public static WireType WireType => WireType.Varint;

        /// <inheritdoc/>
        public static T Read(ref WireReader reader) => Unsafe.BitCast<int, T>(reader.ReadInt32());
    }
}
