using System.Buffers.Binary;

namespace Libp2p.Benchmarks.Roles.Usage;

/// <summary>What a process has used so far.</summary>
internal readonly record struct Spending(double CpuSeconds, long Allocated)
{
    public const int Size = 16;

    /// <summary>Of this process.</summary>
    public static Spending Now => new(Environment.CpuUsage.TotalTime.TotalSeconds, GC.GetTotalAllocatedBytes(precise: true));

    public static Spending operator -(Spending left, Spending right) => new(left.CpuSeconds - right.CpuSeconds, left.Allocated - right.Allocated);

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteDoubleBigEndian(destination, CpuSeconds);
        BinaryPrimitives.WriteInt64BigEndian(destination[8..], Allocated);
    }

    public static Spending Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadDoubleBigEndian(source), BinaryPrimitives.ReadInt64BigEndian(source[8..]));
}

/// <summary>Memory of a process.</summary>
internal readonly record struct Footprint(long Resident, long Managed)
{
    public const int Size = 16;

    /// <summary>Of this process: resident as it is, then what the heap holds after a collection.</summary>
    public static Footprint Now
    {
        get
        {
            var resident = ProcessStatus.Resident(Environment.ProcessId);
            return new Footprint(resident, GC.GetTotalMemory(forceFullCollection: true));
        }
    }

    public static Footprint operator -(Footprint left, Footprint right) => new(left.Resident - right.Resident, left.Managed - right.Managed);

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination, Resident);
        BinaryPrimitives.WriteInt64BigEndian(destination[8..], Managed);
    }

    public static Footprint Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadInt64BigEndian(source), BinaryPrimitives.ReadInt64BigEndian(source[8..]));
}
