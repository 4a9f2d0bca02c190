using System.Buffers;
using Microsoft.Extensions.Logging;

namespace Libp2p.Datastores.Sqlite;

/// <summary>
/// Values in a SQLite file with a write-ahead log. Thread-safe: one connection writes, what waits for it in one transaction; others read meanwhile, on the thread of the caller. A write that has completed
/// survives the end of the process; what was synced, that of the machine too. A batch is written whole or not at all.
/// </summary>
public sealed partial class SqliteDatastore : IDatastore, IAsyncDisposable
{
    private const string Select = "SELECT value FROM entries WHERE key = ?1 AND (expires IS NULL OR expires > ?2)";

    private readonly SqliteFile _file;
    private readonly SqliteReaders _readers;
    private readonly SqliteWriter _writer;
    private readonly SqliteOptions _options;
    private readonly NodeRuntime _runtime;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private bool _closed; // guarded by _gate

    private SqliteDatastore(SqliteFile file, SqliteSession session, SqliteOptions options, NodeRuntime runtime, ILogger logger)
    {
        _file = file;
        _options = options;
        _runtime = runtime;
        _logger = logger;
        _readers = new SqliteReaders(file.Path, options, runtime.Scheduler);
        _writer = new SqliteWriter(file, session, options, runtime, logger);
    }

    /// <inheritdoc/>
    public DatastoreFeatures Features => DatastoreFeatures.TimeToLive | DatastoreFeatures.AtomicBatches | DatastoreFeatures.Persistent;

    /// <inheritdoc/>
    public int MaxValueLength => _options.MaxValueLength;

    /// <summary>Opens a file, which is made where there is none, for its owner alone.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Bounds; <see cref="SqliteOptions.Path"/> is not looked at.</param>
    /// <param name="runtime">Time and continuations.</param>
    /// <param name="logger">Logging.</param>
    /// <exception cref="DatastoreInUseException">Another process, or another part of this one, has it open.</exception>
    /// <exception cref="DatastoreCorruptException">It is damaged, or no SQLite file.</exception>
    /// <exception cref="DatastoreException">It cannot be used; the message says why, and what to do.</exception>
    public static SqliteDatastore Open(string path, SqliteOptions options, NodeRuntime runtime, ILogger logger)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(logger);
        var file = SqliteFile.Take(System.IO.Path.GetFullPath(path));
        SqliteSession? session = null;
        try
        {
            session = new SqliteSession(file.Path, options);
            file.Prepare(session, options);
            if (options.SyncEveryWrite) session.Run("PRAGMA synchronous = FULL");
            SqliteLog.Opened(logger, file.Path, session.Run("PRAGMA page_count") ?? 0, SQLitePCL.raw.sqlite3_libversion().utf8_to_string());
            return new SqliteDatastore(file, session, options, runtime, logger);
        }
        catch
        {
            session?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask PutAsync(DatastoreKey key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive = null, CancellationToken cancellationToken = default)
    {
        key.ThrowIfRoot(nameof(key));
        if (timeToLive is { } time) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(timeToLive));
        if (value.Length > MaxValueLength) return ValueTask.FromException(SqliteErrors.TooLong(key, value.Length, _options));
        return _writer.WriteAsync(new SqliteWrite(_runtime.Scheduler, new DatastoreChange(key, value, timeToLive)), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(DatastoreKey key, CancellationToken cancellationToken = default)
    {
        key.ThrowIfRoot(nameof(key));
        return _writer.WriteAsync(new SqliteWrite(_runtime.Scheduler, new DatastoreChange(key, null)), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(DatastoreBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var change in batch.Changes)
        {
            if (change.Value is { } value && value.Length > MaxValueLength) return ValueTask.FromException(SqliteErrors.TooLong(change.Key, value.Length, _options));
        }

        return _writer.WriteAsync(new SqliteWrite(_runtime.Scheduler, batch), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask SyncAsync(CancellationToken cancellationToken = default) => _writer.WriteAsync(new SqliteWrite(_runtime.Scheduler) { Sync = true }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> GetAsync(DatastoreKey key, CancellationToken cancellationToken = default)
    {
        using var read = await ReadAsync(key, cancellationToken).ConfigureAwait(false);

        // A bare null would become an empty array, and no null at all.
        return read.Found ? read.Value.ToArray() : default(ReadOnlyMemory<byte>?);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryReadAsync(DatastoreKey key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using var read = await ReadAsync(key, cancellationToken).ConfigureAwait(false);
        if (read.Found) destination.Write(read.Value);
        return read.Found;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> HasAsync(DatastoreKey key, CancellationToken cancellationToken = default)
    {
        using var read = await ReadAsync(key, cancellationToken).ConfigureAwait(false);
        return read.Found;
    }

    /// <summary>Finishes what was begun, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
        }

        // The writer last: it empties the log into the file.
        await _readers.CloseAsync().ConfigureAwait(false);
        await _writer.CloseAsync().ConfigureAwait(false);
        _file.Dispose();
        SqliteLog.Closed(_logger, _file.Path);
    }

    private async ValueTask<Row> ReadAsync(DatastoreKey key, CancellationToken cancellationToken)
    {
        var session = await _readers.RentAsync(cancellationToken).ConfigureAwait(false);
        var statement = default(SqliteStatement);
        try
        {
            statement = session[Select].Bind(1, key.Span).Bind(2, SqliteTime.Of(_runtime.Time.GetUtcNow()));
            return new Row(_readers, session, statement, statement.Step());
        }
        catch
        {
            statement?.Reset();
            _readers.Return(session);
            throw;
        }
    }

    /// <summary>A row that was found, or not, and the connection that is lent for it; used and disposed on the spot.</summary>
    private readonly struct Row(SqliteReaders readers, SqliteSession session, SqliteStatement statement, bool found) : IDisposable
    {
        public bool Found => found;

        public ReadOnlySpan<byte> Value => statement.Blob(0);

        public void Dispose()
        {
            statement.Reset();
            readers.Return(session);
        }
    }
}
