using System.IO.Pipelines;

namespace Libp2p.Datastores.Sqlite;

/// <summary>Connections that read, opened when they are needed. Thread-safe; each is lent to one caller at a time.</summary>
internal sealed class SqliteReaders(string path, SqliteOptions options, PipeScheduler scheduler)
{
    private readonly ScheduledSemaphore _places = new(options.Readers, scheduler);
    private readonly Lock _gate = new();
    private readonly Stack<SqliteSession> _idle = new(); // guarded by _gate
    private bool _closed; // guarded by _gate

    /// <summary>Lends one; to be given back by <see cref="Return"/>.</summary>
    /// <exception cref="DatastoreClosedException">The store was closed.</exception>
    public ValueTask<SqliteSession> RentAsync(CancellationToken cancellationToken)
    {
        var place = _places.WaitAsync(cancellationToken);
        return place.IsCompletedSuccessfully ? ValueTask.FromResult(Take()) : WaitAsync(place);
    }

    public void Return(SqliteSession session)
    {
        lock (_gate) _idle.Push(session);
        _places.Release();
    }

    /// <summary>Lends no more, waits for those that are lent, and closes all.</summary>
    public async ValueTask CloseAsync()
    {
        lock (_gate) _closed = true;
        for (var i = 0; i < options.Readers; i++) await _places.WaitAsync().ConfigureAwait(false);
        for (var i = 0; i < options.Readers; i++) _places.Release();
        lock (_gate)
        {
            while (_idle.TryPop(out var session)) session.Dispose();
        }
    }

    private async ValueTask<SqliteSession> WaitAsync(ValueTask place)
    {
        await place.ConfigureAwait(false);
        return Take();
    }

    private SqliteSession Take()
    {
        try
        {
            lock (_gate)
            {
                if (_closed) throw SqliteErrors.Closed(path);
                if (_idle.TryPop(out var session)) return session;
            }

            var opened = new SqliteSession(path, options);
            opened.Run("PRAGMA query_only = 1");
            return opened;
        }
        catch
        {
            _places.Release();
            throw;
        }
    }
}
