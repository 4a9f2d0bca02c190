using System.Runtime.CompilerServices;

namespace Libp2p.Records;

/// <summary>Records in memory.</summary>
internal sealed class MemoryShelf : IRecordShelf
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RecordKey, DhtRecord> _records = []; // guard: _gate

    public ValueTask<DhtRecord?> ReadAsync(RecordKey key, CancellationToken cancellationToken)
    {
        lock (_gate) return new(_records.GetValueOrDefault(key));
    }

    public ValueTask WriteAsync(DhtRecord record, CancellationToken cancellationToken)
    {
        lock (_gate) _records[record.Key] = record;
        return ValueTask.CompletedTask;
    }

    public ValueTask DeleteAsync(RecordKey key, CancellationToken cancellationToken)
    {
        lock (_gate) _records.Remove(key);
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<DhtRecord> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DhtRecord[] all;
        lock (_gate) all = [.. _records.Values];
        foreach (var record in all)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return record;
        }

        await ValueTask.CompletedTask.ConfigureAwait(false);
    }
}
