using System.Runtime.CompilerServices;

namespace Libp2p.Records;

/// <summary>
/// Decides what is kept: validated when it comes and whenever it is asked for, the best of a key, no more than the options say. Writes go one after the other, so that of two values of a key that come at
/// once the better stays, whichever was first. When it is full of valid records, new keys are refused: who fills it cannot drive out what was there.
/// </summary>
internal sealed class RecordStore(Func<IRecordShelf> open, RecordValidators validators, NodeRuntime runtime, RecordsOptions options) : IRecordStore
{
    private readonly Lazy<IRecordShelf> _shelf = new(open);
    private readonly ScheduledSemaphore _writing = new(1, runtime.Scheduler);
    private bool _counted; // guard: _writing, as all below
    private int _records;
    private long _bytes;
    private DateTimeOffset _swept = DateTimeOffset.MinValue;

    public async ValueTask<DhtRecord?> GetAsync(RecordKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (await _shelf.Value.ReadAsync(key, cancellationToken).ConfigureAwait(false) is not { } record) return null;
        if (MayStay(record, out _)) return record;
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another may have come meanwhile.
            return await ReadValidAsync(key, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask<bool> PutAsync(RecordKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (value.Length > options.MaxValueLength) throw new RecordException($"The value has {value.Length} bytes; {nameof(RecordsOptions.MaxValueLength)} allows {options.MaxValueLength}.");
        var record = new DhtRecord(key, value.ToArray()) { TimeReceived = runtime.Time.GetUtcNow() };
        if (!MayStay(record, out var why)) throw new RecordException(why);
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await CountAsync(cancellationToken).ConfigureAwait(false);
            var existing = await ReadValidAsync(key, cancellationToken).ConfigureAwait(false);
            if (existing is not null && !existing.Value.Span.SequenceEqual(value.Span) && validators.Select(key, [existing.Value, record.Value]) == 0) return false;
            await MakeRoomAsync(existing, record, cancellationToken).ConfigureAwait(false);
            await _shelf.Value.WriteAsync(record, cancellationToken).ConfigureAwait(false);
            Count(existing, -1);
            Count(record, 1);
            return true;
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask<bool> RemoveAsync(RecordKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await _shelf.Value.ReadAsync(key, cancellationToken).ConfigureAwait(false) is { } record && await DeleteAsync(record, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    public async IAsyncEnumerable<DhtRecord> ListAsync(string? @namespace = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var record in _shelf.Value.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if ((@namespace is null || record.Key.Namespace == @namespace) && MayStay(record, out _)) yield return record;
        }
    }

    private bool MayStay(DhtRecord record, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? why)
    {
        var now = runtime.Time.GetUtcNow();
        if (record.TimeReceived is { } received && now - received > options.MaxAge)
        {
            why = $"The record came at {received:O}; {nameof(RecordsOptions.MaxAge)} is {options.MaxAge}.";
            return false;
        }

        return validators.Validate(record, now, out why);
    }

    // All below: guard _writing.
    private async ValueTask<DhtRecord?> ReadValidAsync(RecordKey key, CancellationToken cancellationToken)
    {
        if (await _shelf.Value.ReadAsync(key, cancellationToken).ConfigureAwait(false) is not { } record) return null;
        if (MayStay(record, out _)) return record;
        await DeleteAsync(record, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<bool> DeleteAsync(DhtRecord record, CancellationToken cancellationToken)
    {
        await CountAsync(cancellationToken).ConfigureAwait(false);
        await _shelf.Value.DeleteAsync(record.Key, cancellationToken).ConfigureAwait(false);
        Count(record, -1);
        return true;
    }

    private async ValueTask MakeRoomAsync(DhtRecord? existing, DhtRecord record, CancellationToken cancellationToken)
    {
        if (Denial(existing, record) is null) return;
        var now = runtime.Time.GetUtcNow();
        if (now - _swept >= options.SweepInterval)
        {
            _swept = now;
            await SweepAsync(cancellationToken).ConfigureAwait(false);
        }

        if (Denial(existing, record) is { } denial) throw new ResourceLimitException(denial);
    }

    private async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        List<DhtRecord> gone = [];
        await foreach (var record in _shelf.Value.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!MayStay(record, out _)) gone.Add(record);
        }

        foreach (var record in gone) await DeleteAsync(record, cancellationToken).ConfigureAwait(false);
    }

    private ResourceDenial? Denial(DhtRecord? existing, DhtRecord record)
    {
        if (existing is null && _records >= options.MaxRecords) return new("records", 1, _records, options.MaxRecords, nameof(RecordsOptions.MaxRecords), "records");
        var more = SizeOf(record) - SizeOf(existing);
        return more > 0 && _bytes + more > options.MaxBytes ? new("records", more, _bytes, options.MaxBytes, nameof(RecordsOptions.MaxBytes)) : null;
    }

    // What an earlier process left behind.
    private async ValueTask CountAsync(CancellationToken cancellationToken)
    {
        if (_counted) return;
        var (records, bytes) = (0, 0L);
        await foreach (var record in _shelf.Value.ReadAllAsync(cancellationToken).ConfigureAwait(false)) (records, bytes) = (records + 1, bytes + SizeOf(record));
        (_records, _bytes, _counted) = (records, bytes, true);
    }

    private void Count(DhtRecord? record, int sign)
    {
        if (record is null) return;
        _records += sign;
        _bytes += sign * SizeOf(record);
    }

    private static long SizeOf(DhtRecord? record) => record is null ? 0 : record.Key.Bytes.Length + record.Value.Length;
}
