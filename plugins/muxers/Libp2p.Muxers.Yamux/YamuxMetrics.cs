using System.Diagnostics.Metrics;

namespace Libp2p.Muxers.Yamux;

/// <summary>What yamux publishes on the meter of libp2p.</summary>
internal static class YamuxMetrics
{
    private static readonly Meter Meter = new(Telemetry.MeterName);

    private static readonly UpDownCounter<long> Open =
        Meter.CreateUpDownCounter<long>("libp2p.yamux.streams.open", "{stream}", "Streams open now.");

    private static readonly Counter<long> Opened =
        Meter.CreateCounter<long>("libp2p.yamux.streams.opened", "{stream}", "Streams opened, by direction.");

    private static readonly Counter<long> ResetCount =
        Meter.CreateCounter<long>("libp2p.yamux.streams.reset", "{stream}", "Streams reset or refused, by who did it.");

    private static readonly Counter<long> Io =
        Meter.CreateCounter<long>("libp2p.yamux.io", "By", "Bytes of frames, headers included, by direction.");

    private static readonly Counter<long> Growth =
        Meter.CreateCounter<long>("libp2p.yamux.window.growth", "By", "Bytes by which receive windows grew.");

    private static readonly KeyValuePair<string, object?> Inbound = new("direction", "inbound");
    private static readonly KeyValuePair<string, object?> Outbound = new("direction", "outbound");
    private static readonly KeyValuePair<string, object?> Received = new("direction", "received");
    private static readonly KeyValuePair<string, object?> Sent = new("direction", "sent");
    private static readonly KeyValuePair<string, object?> ByRemote = new("by", "remote");
    private static readonly KeyValuePair<string, object?> ByLocal = new("by", "local");

    public static void StreamOpened(bool outbound)
    {
        Open.Add(1);
        Opened.Add(1, outbound ? Outbound : Inbound);
    }

    public static void StreamsClosed(int count) => Open.Add(-count);

    public static void StreamReset(bool byRemote) => ResetCount.Add(1, byRemote ? ByRemote : ByLocal);

    public static void BytesReceived(long count) => Io.Add(count, Received);

    public static void BytesSent(long count) => Io.Add(count, Sent);

    public static void WindowGrew(long by) => Growth.Add(by);
}
