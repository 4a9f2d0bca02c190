namespace Libp2p;

/// <summary>
/// Role: keeps records for this node and for others: validated when they come and when they are asked for, one a key, the best of those that came. Bounded. Thread-safe.
/// </summary>
public interface IRecordStore
{
    /// <summary>The record under a key; null where there is none, or where it may no longer stand there (which removes it).</summary>
    ValueTask<DhtRecord?> GetAsync(RecordKey key, CancellationToken cancellationToken = default);

    /// <summary>Keeps a value, unless the one that is there is better.</summary>
    /// <param name="key">What it shall stand under.</param>
    /// <param name="value">The value; copied.</param>
    /// <param name="cancellationToken">Gives up; the value is kept or not, never in part.</param>
    /// <returns>Whether it stands there now: true also for the very value that stood there already, whose time of receipt becomes this one; false where a better one does.</returns>
    /// <exception cref="RecordException">It may not stand under that key, it is too long, or nothing here validates the namespace.</exception>
    /// <exception cref="ResourceLimitException">The store is full of records that are still valid.</exception>
    ValueTask<bool> PutAsync(RecordKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default);

    /// <summary>Forgets what is under a key.</summary>
    /// <returns>Whether there was something.</returns>
    ValueTask<bool> RemoveAsync(RecordKey key, CancellationToken cancellationToken = default);

    /// <summary>The records that may stand where they are, of one namespace or of all (null), in any order. Not a snapshot: what comes and goes meanwhile may be listed or not.</summary>
    IAsyncEnumerable<DhtRecord> ListAsync(string? @namespace = null, CancellationToken cancellationToken = default);
}
