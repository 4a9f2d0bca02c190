using System.IO.Pipelines;

namespace Libp2p.Datastores.Sqlite;

/// <summary>A write that waits for its turn: one change, a batch, or nothing but the wish that everything before be on the medium.</summary>
internal sealed class SqliteWrite(PipeScheduler scheduler)
{
    private readonly DatastoreChange _single;

    public SqliteWrite(PipeScheduler scheduler, DatastoreChange change)
        : this(scheduler) => (_single, Count) = (change, 1);

    public SqliteWrite(PipeScheduler scheduler, DatastoreBatch batch)
        : this(scheduler) => (Batch, Count) = (batch, batch.Count);

    /// <summary>Completed once it is committed, and synced where that was asked for.</summary>
    public ScheduledCompletion<bool> Done { get; } = new(scheduler);

    public DatastoreBatch? Batch { get; }

    /// <summary>The change, where there is no batch.</summary>
    public DatastoreChange Single => _single;

    /// <summary>How many changes.</summary>
    public int Count { get; }

    /// <summary>Whether it and everything before is to be on the medium.</summary>
    public bool Sync { get; init; }
}
