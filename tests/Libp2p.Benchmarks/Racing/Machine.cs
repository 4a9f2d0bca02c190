using System.Globalization;
using System.Runtime.InteropServices;

namespace Libp2p.Benchmarks.Racing;

/// <summary>Where and when it was measured.</summary>
internal sealed record Machine(DateTimeOffset Started, string Processor, int Cores, string System, string Runtime, string Congestion, double? LoadBefore)
{
    private const string CongestionFile = "/proc/sys/net/ipv4/tcp_congestion_control";
    private const string LoadFile = "/proc/loadavg";
    private const string ProcessorFile = "/proc/cpuinfo";

    /// <summary>Throttles loopback to a fraction.</summary>
    public const string Throttling = "bbr";

    /// <summary>How much work others have here: processes that run or want to, over the last minute; null where unknown.</summary>
    public static double? Load => File.Exists(LoadFile) ? double.Parse(File.ReadAllText(LoadFile).Split(' ')[0], CultureInfo.InvariantCulture) : null;

    public static Machine Look() => new(
        DateTimeOffset.Now, ProcessorName(), Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription,
        File.Exists(CongestionFile) ? File.ReadAllText(CongestionFile).Trim() : "the system's", Load);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Started:yyyy-MM-dd HH:mm}; {Processor}, {Cores} cores; {System}; {Runtime}; congestion control of every socket: {Congestion}; load {(LoadBefore is { } before ? $"{before:0.0}" : "?")} before");

    private static string ProcessorName() =>
        (File.Exists(ProcessorFile) ? File.ReadLines(ProcessorFile).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : null)
        ?? RuntimeInformation.ProcessArchitecture.ToString();
}
