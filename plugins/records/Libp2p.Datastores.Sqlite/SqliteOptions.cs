namespace Libp2p.Datastores.Sqlite;

/// <summary>Options of the datastore in a SQLite file: <c>Libp2p:Plugins:datastore-sqlite</c>.</summary>
public sealed class SqliteOptions : IValidatableOptions
{
    /// <summary>The file; a relative path is one in the node's data folder, where it has one. Default: <c>datastore.db</c> in the data folder; without either nothing is kept.</summary>
    public string? Path { get; set; }

    /// <summary>The longest value, in bytes. Default 4 MiB; 1 byte to 512 MiB.</summary>
    public int MaxValueLength { get; set; } = 4 << 20;

    /// <summary>How long the file may become, in bytes, rounded up to whole pages of 4 KiB; the log beside it comes on top. Default 4 GiB; 64 KiB to 1 TiB.</summary>
    public long MaxFileLength { get; set; } = 4L << 30;

    /// <summary>How many read at the same time; more wait. Default 4; 1 to 64.</summary>
    public int Readers { get; set; } = 4;

    /// <summary>How many writes wait for their turn, batches counted as one; more wait for a place. Default 4,096; 1 to 1,048,576.</summary>
    public int MaxQueuedWrites { get; set; } = 4096;

    /// <summary>How many waiting writes are committed together, batches counted as one. Default 1,024; 1 to 65,536.</summary>
    public int MaxGroupedWrites { get; set; } = 1024;

    /// <summary>Whether each write is on the medium when it completes, as behind a <see cref="IDatastore.SyncAsync"/>; it then takes as long as the disk. Default false.</summary>
    public bool SyncEveryWrite { get; set; }

    /// <summary>How long to wait for another program that holds the file, as a backup does. Default 1 s; 0 to 1 min.</summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often what has expired is deleted from the file; it is hidden at once. Default 1 min; 1 s to 1 day.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (Path is { Length: 0 }) yield return $"{nameof(Path)} is empty: name a file, or leave it out.";
        if (MaxValueLength is < 1 or > 512 << 20) yield return $"{nameof(MaxValueLength)} is {MaxValueLength}: allowed are 1 to {512 << 20} bytes; the default is {4 << 20}.";
        if (MaxFileLength is < 64 << 10 or > 1L << 40) yield return $"{nameof(MaxFileLength)} is {MaxFileLength}: allowed are {64 << 10} to {1L << 40} bytes; the default is {4L << 30}.";
        if (Readers is < 1 or > 64) yield return $"{nameof(Readers)} is {Readers}: allowed are 1 to 64; the default is 4.";
        if (MaxQueuedWrites is < 1 or > 1 << 20) yield return $"{nameof(MaxQueuedWrites)} is {MaxQueuedWrites}: allowed are 1 to {1 << 20}; the default is 4096.";
        if (MaxGroupedWrites is < 1 or > 65_536) yield return $"{nameof(MaxGroupedWrites)} is {MaxGroupedWrites}: allowed are 1 to 65536; the default is 1024.";
        if (BusyTimeout < TimeSpan.Zero || BusyTimeout > TimeSpan.FromMinutes(1)) yield return $"{nameof(BusyTimeout)} is {BusyTimeout}: allowed are 0 to 1 min; the default is 1 s.";
        if (SweepInterval < TimeSpan.FromSeconds(1) || SweepInterval > TimeSpan.FromDays(1)) yield return $"{nameof(SweepInterval)} is {SweepInterval}: allowed are 1 s to 1 day; the default is 1 min.";
    }
}
