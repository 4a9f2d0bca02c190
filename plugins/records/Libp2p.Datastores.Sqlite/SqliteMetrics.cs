using System.Diagnostics.Metrics;

namespace Libp2p.Datastores.Sqlite;

/// <summary>What the datastores in SQLite files count, over all nodes of this process.</summary>
internal static class SqliteMetrics
{
    private static readonly Meter _meter = new(Telemetry.MeterName);

    public static readonly Counter<long> Writes =
        _meter.CreateCounter<long>("libp2p.datastore.sqlite.writes", "{write}", "Values put and deleted in SQLite files.");

    public static readonly Counter<long> Failed =
        _meter.CreateCounter<long>("libp2p.datastore.sqlite.writes.failed", "{write}", "Writes that failed, batches counted as one.");

    public static readonly Histogram<double> Commit =
        _meter.CreateHistogram<double>("libp2p.datastore.sqlite.commit.duration", "s", "Transactions, from their begin to their commit.");
}
