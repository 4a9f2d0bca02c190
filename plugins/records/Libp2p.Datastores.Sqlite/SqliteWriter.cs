using Microsoft.Extensions.Logging;

namespace Libp2p.Datastores.Sqlite;

/// <summary>
/// The one connection that writes. Writes queue, and whatever has come while the last transaction was committed is the next: so many writers share one commit, and those who sync one write to the medium.
/// No thread of its own: a hop on the scheduler works the queue off, and blocks there as the disk does. Thread-safe.
/// </summary>
internal sealed partial class SqliteWriter(SqliteFile file, SqliteSession session, SqliteOptions options, NodeRuntime runtime, ILogger logger)
{
    private readonly ScheduledSemaphore _places = new(options.MaxQueuedWrites, runtime.Scheduler);
    private readonly Lock _gate = new();
    private readonly Queue<SqliteWrite> _waiting = new(); // guarded by _gate
    private readonly List<SqliteWrite> _group = []; // of the hop alone
    private ScheduledCompletion<bool>? _closing; // guarded by _gate
    private bool _working; // guarded by _gate

    /// <summary>Queues a write, and completes when it is done.</summary>
    public async ValueTask WriteAsync(SqliteWrite write, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            lock (_gate)
            {
                if (_closing is not null) throw SqliteErrors.Closed(file.Path);
                _waiting.Enqueue(write);
                if (!_working) Begin();
            }

            await write.Done.Task.ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Takes no more writes, finishes those that wait, and closes the connection.</summary>
    public async ValueTask CloseAsync()
    {
        ScheduledCompletion<bool> closing;
        lock (_gate)
        {
            if (_closing is null)
            {
                _closing = new ScheduledCompletion<bool>(runtime.Scheduler);
                if (!_working) Begin();
            }

            closing = _closing;
        }

        await closing.Task.ConfigureAwait(false);
    }

    private void Begin()
    {
        _working = true;
        runtime.Scheduler.Schedule(static self => ((SqliteWriter)self!).Work(), this);
    }

    private void Work()
    {
        while (Take(out var closing))
        {
            if (closing is not null)
            {
                Close(closing);
                return;
            }

            Commit(_group);
            SweepIfDue();
        }
    }

    /// <summary>The next group, or the wish to close where nothing waits any more; false where neither is there, and the hop ends.</summary>
    private bool Take(out ScheduledCompletion<bool>? closing)
    {
        closing = null;
        _group.Clear();
        lock (_gate)
        {
            while (_group.Count < options.MaxGroupedWrites && _waiting.TryDequeue(out var write)) _group.Add(write);
            if (_group.Count > 0) return true;

            // Whoever closes is the last: nobody begins another hop.
            closing = _closing;
            _working = closing is not null;
            return _working;
        }
    }

    private void Close(ScheduledCompletion<bool> closing)
    {
        try
        {
            session.Dispose();
            closing.TrySetResult(true);
        }
        catch (Exception e)
        {
            closing.TrySetException(e);
        }
    }
}
