using System.Buffers;

namespace Libp2p;

/// <summary>Several stores as one, by prefix.</summary>
internal sealed partial class MountDatastore : IDatastore
{
    private readonly Point[] _points; // the longest prefix first: the first that fits is the one

    public MountDatastore(IEnumerable<KeyValuePair<DatastoreKey, IDatastore>> mounts)
    {
        _points = [.. mounts.Select(static mount => new Point(mount.Key, mount.Value)).OrderByDescending(static point => point.At.Length)];
        if (_points.Length == 0) throw new ArgumentException("There is no store to mount.", nameof(mounts));
        if (_points.Select(static point => point.At).Distinct().Count() < _points.Length) throw new ArgumentException("Two stores are mounted at one place.", nameof(mounts));
        Features = _points.Aggregate((DatastoreFeatures)(-1), static (all, point) => all & point.Store.Features) & (_points.Length == 1 ? (DatastoreFeatures)(-1) : ~DatastoreFeatures.AtomicBatches);
        MaxValueLength = _points.Min(static point => point.Store.MaxValueLength);
    }

    public DatastoreFeatures Features { get; }

    public int MaxValueLength { get; }

    public ValueTask PutAsync(DatastoreKey key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive = null, CancellationToken cancellationToken = default)
    {
        var point = Find(key);
        return point.Store.PutAsync(key.RelativeTo(point.At), value, timeToLive, cancellationToken);
    }

    public ValueTask<ReadOnlyMemory<byte>?> GetAsync(DatastoreKey key, CancellationToken cancellationToken = default)
    {
        var point = Find(key);
        return point.Store.GetAsync(key.RelativeTo(point.At), cancellationToken);
    }

    public ValueTask<bool> TryReadAsync(DatastoreKey key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        var point = Find(key);
        return point.Store.TryReadAsync(key.RelativeTo(point.At), destination, cancellationToken);
    }

    public ValueTask<bool> HasAsync(DatastoreKey key, CancellationToken cancellationToken = default)
    {
        var point = Find(key);
        return point.Store.HasAsync(key.RelativeTo(point.At), cancellationToken);
    }

    public ValueTask DeleteAsync(DatastoreKey key, CancellationToken cancellationToken = default)
    {
        var point = Find(key);
        return point.Store.DeleteAsync(key.RelativeTo(point.At), cancellationToken);
    }

    public async ValueTask WriteAsync(DatastoreBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var parts = new Dictionary<Point, DatastoreBatch>();
        foreach (var change in batch.Changes)
        {
            var point = Find(change.Key);
            if (!parts.TryGetValue(point, out var part)) parts[point] = part = new DatastoreBatch();
            var key = change.Key.RelativeTo(point.At);
            if (change.Value is { } value) part.Put(key, value, change.TimeToLive);
            else part.Delete(key);
        }

        foreach (var (point, part) in parts) await point.Store.WriteAsync(part, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask SyncAsync(CancellationToken cancellationToken = default)
    {
        foreach (var point in _points) await point.Store.SyncAsync(cancellationToken).ConfigureAwait(false);
    }

    private Point Find(DatastoreKey key)
    {
        key.ThrowIfRoot(nameof(key));
        foreach (var point in _points)
        {
            if (key.IsBelow(point.At)) return point;
        }

        throw new DatastoreException($"No store is mounted where {key} is.", "Mount one there, or one at the root for all the rest.");
    }

    /// <summary>A store and where it is.</summary>
    private sealed record Point(DatastoreKey At, IDatastore Store);
}
