using System.Diagnostics.Metrics;

namespace Libp2p.Protocols.Ping;

internal static class PingMetrics
{
    private static readonly Meter _meter = new(Telemetry.MeterName);

    public static readonly Histogram<double> RoundTrip = _meter.CreateHistogram<double>("libp2p.ping.rtt", "s", "Round-trip times measured.");

    public static readonly Counter<long> Failed = _meter.CreateCounter<long>("libp2p.ping.failed", "{ping}", "Pings without their answer.");
}
