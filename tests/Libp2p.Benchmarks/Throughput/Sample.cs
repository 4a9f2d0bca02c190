using System.Globalization;

namespace Libp2p.Benchmarks.Throughput;

/// <summary>One transfer as its sender saw it, and what the receiver told.</summary>
internal sealed record Sample(double MebibytesPerSecond, double CpuSecondsPerGibibyte, double SenderBytesPerMebibyte, double ReceiverBytesPerMebibyte)
{
    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{MebibytesPerSecond} {CpuSecondsPerGibibyte} {SenderBytesPerMebibyte} {ReceiverBytesPerMebibyte}");

    public static Sample Parse(string line)
    {
        var numbers = line.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return new Sample(numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}

/// <summary>CPU time and allocation of this process since it was taken.</summary>
internal readonly struct Usage
{
    private readonly TimeSpan _cpu;
    private readonly long _allocated;

    private Usage(TimeSpan cpu, long allocated)
    {
        _cpu = cpu;
        _allocated = allocated;
    }

    public static Usage Now => new(Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true));

    /// <summary>What was used since then, as two numbers that cross a connection: CPU microseconds and bytes.</summary>
    public (long CpuMicroseconds, long Allocated) Since()
    {
        var now = Now;
        return ((long)(now._cpu - _cpu).TotalMicroseconds, now._allocated - _allocated);
    }
}
