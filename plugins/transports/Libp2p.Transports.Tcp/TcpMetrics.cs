using System.Diagnostics.Metrics;

namespace Libp2p.Transports.Tcp;

/// <summary>What the TCP transport counts, over all its nodes.</summary>
internal static class TcpMetrics
{
    private static readonly Meter _meter = new(Telemetry.MeterName);

    public static readonly UpDownCounter<long> Open =
        _meter.CreateUpDownCounter<long>("libp2p.tcp.connections", "{connection}", "TCP connections that are open.");

    public static readonly Counter<long> Accepted =
        _meter.CreateCounter<long>("libp2p.tcp.accepted", "{connection}", "TCP connections that arrived, refused ones included.");

    public static readonly Counter<long> DialsFailed =
        _meter.CreateCounter<long>("libp2p.tcp.dials.failed", "{dial}", "TCP dials that failed.");

    public static readonly Counter<long> Received =
        _meter.CreateCounter<long>("libp2p.tcp.received", "By", "Bytes received over TCP.");

    public static readonly Counter<long> Sent =
        _meter.CreateCounter<long>("libp2p.tcp.sent", "By", "Bytes sent over TCP.");
}
