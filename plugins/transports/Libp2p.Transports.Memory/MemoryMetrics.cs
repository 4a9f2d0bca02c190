using System.Diagnostics.Metrics;

namespace Libp2p.Transports.Memory;

/// <summary>What the memory transport counts, over all nodes of this process.</summary>
internal static class MemoryMetrics
{
    private static readonly Meter _meter = new(Telemetry.MeterName);

    public static readonly UpDownCounter<long> Open =
        _meter.CreateUpDownCounter<long>("libp2p.memory.connections", "{connection}", "Ends of memory connections that are open: two a connection.");

    public static readonly Counter<long> Accepted =
        _meter.CreateCounter<long>("libp2p.memory.accepted", "{connection}", "Memory connections that arrived, refused ones included.");

    public static readonly Counter<long> DialsFailed =
        _meter.CreateCounter<long>("libp2p.memory.dials.failed", "{dial}", "Memory dials that failed.");

    public static readonly Counter<long> Sent =
        _meter.CreateCounter<long>("libp2p.memory.sent", "By", "Bytes sent over memory connections.");
}
