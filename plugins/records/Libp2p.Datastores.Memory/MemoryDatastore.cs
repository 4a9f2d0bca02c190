using System.Buffers;
using Microsoft.Extensions.Options;

namespace Libp2p.Datastores.Memory;

/// <summary>
/// Values in memory: a map for finding and a tree for walking, under one lock. Bounded; thread-safe; no call waits. A batch is written whole or not at all. Values are copied on their way in, and handed
/// out as they are.
/// </summary>
public sealed partial class MemoryDatastore : IDatastore, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DatastoreKey, MemoryEntry> _entries = []; // guarded by _gate
    private readonly SortedSet<MemoryEntry> _sorted = new(MemoryEntry.Order); // guarded by _gate
    private readonly TimeProvider _time;
    private readonly MemoryOptions _options;
    private long _bytes; // guarded by _gate
    private long _soonest = long.MaxValue; // guarded by _gate: nothing expires before
    private bool _closed; // guarded by _gate

    /// <summary>Makes one that is empty.</summary>
    /// <param name="runtime">Tells the time by which values expire.</param>
    /// <param name="options">Its bounds.</param>
    public MemoryDatastore(NodeRuntime runtime, IOptions<MemoryOptions> options)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(options);
        _time = runtime.Time;
        _options = options.Value;
    }

    /// <inheritdoc/>
    public DatastoreFeatures Features => DatastoreFeatures.TimeToLive | DatastoreFeatures.AtomicBatches;

    /// <inheritdoc/>
    public int MaxValueLength => _options.MaxValueLength;

    /// <inheritdoc/>
    public ValueTask PutAsync(DatastoreKey key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive = null, CancellationToken cancellationToken = default)
    {
        key.ThrowIfRoot(nameof(key));
        if (timeToLive is { } time) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(timeToLive));
        return Write([new DatastoreChange(key, value, timeToLive)], cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(DatastoreKey key, CancellationToken cancellationToken = default)
    {
        key.ThrowIfRoot(nameof(key));
        return Write([new DatastoreChange(key, null)], cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(DatastoreBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Write(batch.Changes, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> GetAsync(DatastoreKey key, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<ReadOnlyMemory<byte>?>(cancellationToken);
        try
        {
            return ValueTask.FromResult(Find(key)?.Value);
        }
        catch (DatastoreException e)
        {
            return ValueTask.FromException<ReadOnlyMemory<byte>?>(e);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryReadAsync(DatastoreKey key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<bool>(cancellationToken);
        try
        {
            if (Find(key) is not { } entry) return ValueTask.FromResult(false);
            destination.Write(entry.Value.Span);
            return ValueTask.FromResult(true);
        }
        catch (DatastoreException e)
        {
            return ValueTask.FromException<bool>(e);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> HasAsync(DatastoreKey key, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<bool>(cancellationToken);
        try
        {
            return ValueTask.FromResult(Find(key) is not null);
        }
        catch (DatastoreException e)
        {
            return ValueTask.FromException<bool>(e);
        }
    }

    /// <inheritdoc/>
    public ValueTask SyncAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        lock (_gate) return _closed ? ValueTask.FromException(MemoryErrors.Closed()) : default;
    }

    /// <summary>Forgets everything.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _entries.Clear();
            _sorted.Clear();
            _bytes = 0;
        }
    }

    private MemoryEntry? Find(DatastoreKey key)
    {
        lock (_gate)
        {
            if (_closed) throw MemoryErrors.Closed();
            return _entries.TryGetValue(key, out var entry) && entry.ExpiresAt > Now ? entry : null;
        }
    }

    private long Now => _time.GetUtcNow().UtcTicks;
}
