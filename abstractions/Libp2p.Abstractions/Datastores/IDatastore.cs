using System.Buffers;

namespace Libp2p;

/// <summary>
/// Role: keeps values under keys. Thread-safe: any number of readers and writers at once; a read that begins after a write has completed sees it. Whoever opened a store disposes it; who finds
/// one by <see cref="INode.Find{T}"/> does not, and keeps to keys below one of its own (<see cref="DatastoreExtensions.Below"/>).
/// </summary>
/// <remarks>
/// What a completed write is worth is in <see cref="Features"/>: in a <see cref="DatastoreFeatures.Persistent"/> store it survives the end of the process, however it comes (kill -9), and once a
/// <see cref="SyncAsync"/> that began later has completed, the end of the machine too.
/// </remarks>
public interface IDatastore
{
    /// <summary>What it can do, beyond what all can.</summary>
    DatastoreFeatures Features { get; }

    /// <summary>The longest value, in bytes.</summary>
    int MaxValueLength { get; }

    /// <summary>Keeps a value, in place of the one that is there.</summary>
    /// <param name="key">Not the root.</param>
    /// <param name="value">0 to <see cref="MaxValueLength"/> bytes; not to be changed before the call has completed.</param>
    /// <param name="timeToLive">How long; more than zero. Null: until it is deleted, whatever was said before.</param>
    /// <param name="cancellationToken">Gives up a wait for room; what has its turn is written all the same.</param>
    /// <exception cref="DatastoreLimitException">The value is too long.</exception>
    /// <exception cref="NotSupportedException">A time to live, where <see cref="DatastoreFeatures.TimeToLive"/> is missing.</exception>
    /// <exception cref="DatastoreException">It could not be written, and is not.</exception>
    ValueTask PutAsync(DatastoreKey key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive = null, CancellationToken cancellationToken = default);

    /// <summary>The value under a key, in memory that is the caller's to keep and nobody's to change; null where there is none.</summary>
    /// <exception cref="DatastoreException">It could not be read.</exception>
    ValueTask<ReadOnlyMemory<byte>?> GetAsync(DatastoreKey key, CancellationToken cancellationToken = default);

    /// <summary>Copies the value under a key to the caller's buffer, without memory of its own in between; false where there is none.</summary>
    /// <param name="key">Which.</param>
    /// <param name="destination">Takes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DatastoreException">It could not be read.</exception>
    ValueTask<bool> TryReadAsync(DatastoreKey key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default);

    /// <summary>Whether there is a value under a key.</summary>
    /// <exception cref="DatastoreException">It could not be read.</exception>
    ValueTask<bool> HasAsync(DatastoreKey key, CancellationToken cancellationToken = default);

    /// <summary>Deletes the value under a key, if there is one.</summary>
    /// <param name="key">Not the root.</param>
    /// <param name="cancellationToken">Gives up a wait for room; what has its turn is done all the same.</param>
    /// <exception cref="DatastoreException">It could not be deleted, and is not.</exception>
    ValueTask DeleteAsync(DatastoreKey key, CancellationToken cancellationToken = default);

    /// <summary>The values below a prefix. Bounded memory; may be written to meanwhile: what was there from beginning to end comes once, what came or went meanwhile may or may not.</summary>
    /// <exception cref="DatastoreException">They could not be read.</exception>
    IAsyncEnumerable<DatastoreEntry> QueryAsync(DatastoreQuery query, CancellationToken cancellationToken = default);

    /// <summary>Writes several changes in their order: all or none of them where there is <see cref="DatastoreFeatures.AtomicBatches"/>, and many times faster than one by one.</summary>
    /// <param name="batch">Not to be changed before the call has completed.</param>
    /// <param name="cancellationToken">Gives up a wait for room; what has its turn is written all the same.</param>
    /// <exception cref="DatastoreException">It could not be written: none of it, where batches are atomic.</exception>
    ValueTask WriteAsync(DatastoreBatch batch, CancellationToken cancellationToken = default);

    /// <summary>Completes once everything written before is on the medium, where the end of the machine does not reach it.</summary>
    /// <exception cref="DatastoreException">It is not certain.</exception>
    ValueTask SyncAsync(CancellationToken cancellationToken = default);
}

/// <summary>What not every <see cref="IDatastore"/> can do.</summary>
[Flags]
public enum DatastoreFeatures
{
    /// <summary>What all can.</summary>
    None = 0,

    /// <summary>Values that expire.</summary>
    TimeToLive = 1,

    /// <summary>A batch is written whole or not at all, whatever happens meanwhile.</summary>
    AtomicBatches = 2,

    /// <summary>What was written outlasts the process.</summary>
    Persistent = 4,
}
