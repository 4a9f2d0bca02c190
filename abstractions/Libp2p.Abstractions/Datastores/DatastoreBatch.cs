using System.Runtime.InteropServices;

namespace Libp2p;

/// <summary>Changes to be written together by <see cref="IDatastore.WriteAsync"/>, in their order; of several to one key the last counts. Not thread-safe. Holds the values, copies none.</summary>
public sealed class DatastoreBatch
{
    private readonly List<DatastoreChange> _changes = [];

    /// <summary>How many changes there are.</summary>
    public int Count => _changes.Count;

    /// <summary>The changes, in their order; valid until the next one is added.</summary>
    public ReadOnlySpan<DatastoreChange> Changes => CollectionsMarshal.AsSpan(_changes);

    /// <summary>Adds what <see cref="IDatastore.PutAsync"/> does.</summary>
    /// <param name="key">Not the root.</param>
    /// <param name="value">The value; not to be changed before the batch is written.</param>
    /// <param name="timeToLive">How long it is kept; more than zero. Null: until it is deleted.</param>
    public DatastoreBatch Put(DatastoreKey key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive = null)
    {
        key.ThrowIfRoot(nameof(key));
        if (timeToLive is { } time) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(timeToLive));
        _changes.Add(new DatastoreChange(key, value, timeToLive));
        return this;
    }

    /// <summary>Adds what <see cref="IDatastore.DeleteAsync"/> does.</summary>
    /// <param name="key">Not the root.</param>
    public DatastoreBatch Delete(DatastoreKey key)
    {
        key.ThrowIfRoot(nameof(key));
        _changes.Add(new DatastoreChange(key, null));
        return this;
    }

    /// <summary>Takes all changes out again, so that the batch can be used once more.</summary>
    public void Clear() => _changes.Clear();
}

/// <summary>One change of a batch.</summary>
/// <param name="Key">Of which key.</param>
/// <param name="Value">The value to keep; null: delete the one that is there.</param>
/// <param name="TimeToLive">How long it is kept; null: until it is deleted.</param>
public readonly record struct DatastoreChange(DatastoreKey Key, ReadOnlyMemory<byte>? Value, TimeSpan? TimeToLive = null);
