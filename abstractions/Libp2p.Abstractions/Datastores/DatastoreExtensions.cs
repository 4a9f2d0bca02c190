namespace Libp2p;

/// <summary>Stores made of stores. None of them owns what it is made of.</summary>
public static class DatastoreExtensions
{
    /// <summary>The part of a store below a prefix, as a store of its own: what is <c>/x</c> there is <c>PREFIX/x</c> here.</summary>
    /// <param name="store">The whole.</param>
    /// <param name="prefix">The part; the root: all of it.</param>
    public static IDatastore Below(this IDatastore store, DatastoreKey prefix)
    {
        ArgumentNullException.ThrowIfNull(store);
        return prefix.IsRoot ? store : new NamespaceDatastore(store, prefix);
    }

    /// <summary>Several stores as one: each key belongs to the store with the longest prefix in front of it, which sees it without that prefix. Batches over several stores are not atomic.</summary>
    /// <param name="mounts">Stores by where they are; the root for all the rest. At least one.</param>
    /// <exception cref="ArgumentException">None, or two at one place.</exception>
    public static IDatastore Mount(params IEnumerable<KeyValuePair<DatastoreKey, IDatastore>> mounts)
    {
        ArgumentNullException.ThrowIfNull(mounts);
        return new MountDatastore(mounts);
    }

    /// <summary>Deletes everything below a prefix, in batches.</summary>
    /// <returns>How many values there were.</returns>
    /// <exception cref="DatastoreException">It could not be read or written; some of it may be gone.</exception>
    public static async ValueTask<long> ClearAsync(this IDatastore store, DatastoreKey prefix = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        const int Most = 256;
        var batch = new DatastoreBatch();
        var count = 0L;
        await foreach (var entry in store.QueryAsync(new DatastoreQuery { Prefix = prefix, KeysOnly = true }, cancellationToken).ConfigureAwait(false))
        {
            batch.Delete(entry.Key);
            count++;
            if (batch.Count < Most) continue;
            await store.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
            batch.Clear();
        }

        if (batch.Count > 0) await store.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        return count;
    }
}
