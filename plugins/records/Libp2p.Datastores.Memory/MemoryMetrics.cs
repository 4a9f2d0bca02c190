using System.Diagnostics.Metrics;

namespace Libp2p.Datastores.Memory;

/// <summary>What the datastore in memory counts, over all nodes of this process.</summary>
internal static class MemoryMetrics
{
    private static readonly Meter _meter = new(Telemetry.MeterName);

    public static readonly Counter<long> Refused =
        _meter.CreateCounter<long>("libp2p.datastore.memory.refused", "{write}", "Writes refused for want of room.");
}
