using System.Diagnostics.Metrics;

namespace Libp2p.Protocols.Perf;

internal static class PerfMetrics
{
    private static readonly Meter _meter = new(Telemetry.MeterName);

    public static readonly Histogram<double> Upload = _meter.CreateHistogram<double>("libp2p.perf.upload", "By/s", "Upload throughput measured.");

    public static readonly Histogram<double> Download = _meter.CreateHistogram<double>("libp2p.perf.download", "By/s", "Download throughput measured.");
}
