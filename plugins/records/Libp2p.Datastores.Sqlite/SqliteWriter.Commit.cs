namespace Libp2p.Datastores.Sqlite;

/// <content>Transactions.</content>
internal sealed partial class SqliteWriter
{
    private const string Put = "INSERT INTO entries (key, value, expires) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires";
    private const string Delete = "DELETE FROM entries WHERE key = ?1";
    private const string DeleteExpired = "DELETE FROM entries WHERE key IN (SELECT key FROM entries WHERE expires <= ?1 LIMIT 1000)";

    private bool _unsynced; // of the hop alone
    private long _lastSweep = runtime.Time.GetTimestamp(); // of the hop alone

    /// <summary>Commits writes together. Where that fails, one by one: of those that fail each learns why, and takes no other with it.</summary>
    private void Commit(List<SqliteWrite> group)
    {
        if (TryCommit(group) is not { } failure) return;
        if (group.Count == 1)
        {
            Fail(group[0], failure);
            return;
        }

        foreach (var write in group)
        {
            if (TryCommit([write]) is { } own) Fail(write, own);
        }
    }

    private void Fail(SqliteWrite write, Exception failure)
    {
        SqliteMetrics.Failed.Add(1);
        SqliteLog.WritesFailed(logger, write.Count, failure.Message);
        write.Done.TrySetException(failure);
    }

    /// <summary>The transaction of a group; null where it was committed, and everybody knows.</summary>
    private Exception? TryCommit(List<SqliteWrite> group)
    {
        var started = runtime.Time.GetTimestamp();
        var sync = options.SyncEveryWrite || group.Exists(static write => write.Sync);
        var changes = group.Sum(static write => write.Count);
        try
        {
            // Where nothing changed since the last sync there is nothing to do.
            if (changes > 0 || (sync && _unsynced)) Transact(group, sync, changes);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e;
        }

        _unsynced = !sync && (_unsynced || changes > 0);
        SqliteMetrics.Writes.Add(changes);
        SqliteMetrics.Commit.Record(runtime.Time.GetElapsedTime(started).TotalSeconds);
        foreach (var write in group) write.Done.TrySetResult(true);
        return null;
    }

    private void Transact(List<SqliteWrite> group, bool sync, int changes)
    {
        // A commit in this mode syncs the log, and with it everything that was committed before.
        if (sync) session["PRAGMA synchronous = FULL"].Run();
        try
        {
            session["BEGIN IMMEDIATE"].Run();
            try
            {
                var now = runtime.Time.GetUtcNow();
                foreach (var write in group)
                {
                    if (write.Batch is { } batch)
                    {
                        foreach (var change in batch.Changes) Apply(change, now);
                    }
                    else if (write.Count > 0)
                    {
                        Apply(write.Single, now);
                    }
                }

                if (changes == 0) session["UPDATE syncs SET count = count + 1"].Run();
                session["COMMIT"].Run();
            }
            catch
            {
                // Some failures have ended the transaction already.
                if (SQLitePCL.raw.sqlite3_get_autocommit(session.Handle) == 0) session["ROLLBACK"].Run();
                throw;
            }
        }
        finally
        {
            if (sync && !options.SyncEveryWrite) session["PRAGMA synchronous = NORMAL"].Run();
        }
    }

    private void Apply(in DatastoreChange change, DateTimeOffset now)
    {
        if (change.Value is { } value)
        {
            session[Put].Bind(1, change.Key.Span).Bind(2, value.Span).Bind(3, SqliteTime.Expiry(now, change.TimeToLive)).Run();
        }
        else
        {
            session[Delete].Bind(1, change.Key.Span).Run();
        }
    }

    /// <summary>Deletes what has expired, so much at a time. Nobody waits for it to succeed: it is hidden anyway.</summary>
    private void SweepIfDue()
    {
        if (runtime.Time.GetElapsedTime(_lastSweep) < options.SweepInterval) return;
        _lastSweep = runtime.Time.GetTimestamp();
        try
        {
            int swept;
            do
            {
                session[DeleteExpired].Bind(1, SqliteTime.Of(runtime.Time.GetUtcNow())).Run();
                swept = SQLitePCL.raw.sqlite3_changes(session.Handle);
                if (swept > 0) SqliteLog.Swept(logger, swept);
            }
            while (swept == 1000);
        }
        catch (DatastoreException e)
        {
            SqliteLog.WritesFailed(logger, 0, e.Message);
        }
    }
}
