using System.Diagnostics.Metrics;

namespace Libp2p.Protocols.Identify;

internal static class IdentifyMetrics
{
    private static readonly Meter _meter = new(Telemetry.MeterName);

    public static readonly Counter<long> Identified = _meter.CreateCounter<long>("libp2p.identify.identified", "{peer}", "Connections whose peer told what it is.");

    public static readonly Counter<long> Failed = _meter.CreateCounter<long>("libp2p.identify.failed", "{peer}", "Connections whose peer could not be identified.");

    public static readonly Counter<long> PushesReceived = _meter.CreateCounter<long>("libp2p.identify.pushes.received", "{push}", "Pushes taken in.");

    public static readonly Counter<long> PushesRefused = _meter.CreateCounter<long>("libp2p.identify.pushes.refused", "{push}", "Pushes refused: too many, or broken.");

    public static readonly Counter<long> PushesSent = _meter.CreateCounter<long>("libp2p.identify.pushes.sent", "{push}", "Pushes sent.");
}
