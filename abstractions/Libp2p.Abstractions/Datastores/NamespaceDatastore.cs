using System.Buffers;
using System.Runtime.CompilerServices;

namespace Libp2p;

/// <summary>The part of a store below a prefix.</summary>
internal sealed class NamespaceDatastore(IDatastore store, DatastoreKey prefix) : IDatastore
{
    public DatastoreFeatures Features => store.Features;

    public int MaxValueLength => store.MaxValueLength;

    public ValueTask PutAsync(DatastoreKey key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive = null, CancellationToken cancellationToken = default) =>
        store.PutAsync(Inner(key), value, timeToLive, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> GetAsync(DatastoreKey key, CancellationToken cancellationToken = default) => store.GetAsync(Inner(key), cancellationToken);

    public ValueTask<bool> TryReadAsync(DatastoreKey key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default) =>
        store.TryReadAsync(Inner(key), destination, cancellationToken);

    public ValueTask<bool> HasAsync(DatastoreKey key, CancellationToken cancellationToken = default) => store.HasAsync(Inner(key), cancellationToken);

    public ValueTask DeleteAsync(DatastoreKey key, CancellationToken cancellationToken = default) => store.DeleteAsync(Inner(key), cancellationToken);

    public async IAsyncEnumerable<DatastoreEntry> QueryAsync(DatastoreQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        await foreach (var entry in store.QueryAsync(query with { Prefix = prefix.Child(query.Prefix) }, cancellationToken).ConfigureAwait(false))
        {
            yield return entry with { Key = entry.Key.RelativeTo(prefix) };
        }
    }

    public ValueTask WriteAsync(DatastoreBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var inner = new DatastoreBatch();
        foreach (var change in batch.Changes)
        {
            if (change.Value is { } value) inner.Put(Inner(change.Key), value, change.TimeToLive);
            else inner.Delete(Inner(change.Key));
        }

        return store.WriteAsync(inner, cancellationToken);
    }

    public ValueTask SyncAsync(CancellationToken cancellationToken = default) => store.SyncAsync(cancellationToken);

    private DatastoreKey Inner(DatastoreKey key)
    {
        key.ThrowIfRoot(nameof(key));
        return prefix.Child(key);
    }
}
