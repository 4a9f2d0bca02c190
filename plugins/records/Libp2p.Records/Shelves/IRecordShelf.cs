namespace Libp2p.Records;

/// <summary>Where the store puts what it has decided to keep. Reads may come at any time; writes come one after the other.</summary>
internal interface IRecordShelf
{
    ValueTask<DhtRecord?> ReadAsync(RecordKey key, CancellationToken cancellationToken);

    ValueTask WriteAsync(DhtRecord record, CancellationToken cancellationToken);

    ValueTask DeleteAsync(RecordKey key, CancellationToken cancellationToken);

    /// <summary>Every record, in any order.</summary>
    IAsyncEnumerable<DhtRecord> ReadAllAsync(CancellationToken cancellationToken);
}
