namespace Libp2p.Datastores.Memory;

/// <content>Writes: what is too much is refused before anything is changed.</content>
public sealed partial class MemoryDatastore
{
    private ValueTask Write(ReadOnlySpan<DatastoreChange> changes, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        try
        {
            foreach (var change in changes)
            {
                if (change.Value is { } value && value.Length > MaxValueLength) throw MemoryErrors.TooLong(change.Key, value.Length, MaxValueLength);
            }

            lock (_gate)
            {
                if (_closed) throw MemoryErrors.Closed();
                var now = Now;
                MakeRoom(changes, now);
                foreach (var change in changes) Apply(change, now);
            }

            return default;
        }
        catch (DatastoreException e)
        {
            if (e is DatastoreFullException) MemoryMetrics.Refused.Add(1);
            return ValueTask.FromException(e);
        }
    }

    private void MakeRoom(ReadOnlySpan<DatastoreChange> changes, long now)
    {
        if (Refusal(changes) is null) return;
        if (_soonest <= now) Sweep(now);
        if (Refusal(changes) is { } refusal) throw refusal;
    }

    private DatastoreFullException? Refusal(ReadOnlySpan<DatastoreChange> changes)
    {
        var (count, bytes) = ((long)_entries.Count, _bytes);
        if (changes.Length == 1)
        {
            Add(changes[0]);
        }
        else
        {
            // Of several changes to one key the last counts.
            var last = new Dictionary<DatastoreKey, DatastoreChange>(changes.Length);
            foreach (var change in changes) last[change.Key] = change;
            foreach (var change in last.Values) Add(change);
        }

        // What makes it smaller is never refused.
        return count > _options.MaxEntries && count > _entries.Count ? MemoryErrors.Entries(count, _options.MaxEntries)
            : bytes > _options.MaxBytes && bytes > _bytes ? MemoryErrors.Bytes(bytes, _options.MaxBytes)
            : null;

        void Add(DatastoreChange change)
        {
            if (_entries.TryGetValue(change.Key, out var old)) (count, bytes) = (count - 1, bytes - old.Price);
            if (change.Value is { } value) (count, bytes) = (count + 1, bytes + MemoryEntry.PriceOf(change.Key, value.Length));
        }
    }

    private void Apply(DatastoreChange change, long now)
    {
        if (_entries.TryGetValue(change.Key, out var old)) Remove(old);
        if (change.Value is not { } value) return;
        var expires = change.TimeToLive is not { } time ? long.MaxValue : time.Ticks > DateTimeOffset.MaxValue.UtcTicks - now ? DateTimeOffset.MaxValue.UtcTicks : now + time.Ticks;
        var entry = new MemoryEntry(change.Key, change.Key.Bytes, value.ToArray(), expires);
        _entries[entry.Key] = entry;
        _sorted.Add(entry);
        _bytes += entry.Price;
        _soonest = Math.Min(_soonest, expires);
    }

    private void Remove(MemoryEntry entry)
    {
        _entries.Remove(entry.Key);
        _sorted.Remove(entry);
        _bytes -= entry.Price;
    }

    /// <summary>Drops what has expired.</summary>
    private void Sweep(long now)
    {
        _soonest = long.MaxValue;
        foreach (var entry in _entries.Values.ToArray())
        {
            if (entry.ExpiresAt <= now) Remove(entry);
            else _soonest = Math.Min(_soonest, entry.ExpiresAt);
        }
    }
}
