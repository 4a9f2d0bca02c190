namespace Libp2p.Muxers.Yamux.Buffers;

/// <summary>
/// What the unread data of one connection holds in memory, against the connection's own cap and its resource scope. Reserves in steps, so that the scope is not
/// asked for every block. Thread-safe.
/// </summary>
internal sealed class MemoryAccount(IResourceScope? scope, long cap)
{
    private const int Step = 16 * 1024;

    // So much that is not held may stay reserved: a quiet connection is not to be priced as a busy one.
    private const int Spare = 4 * Step;

    private readonly Lock _lock = new();
    private long _held;
    private long _reserved; // written under _lock
    private bool _closed; // guarded by _lock

    /// <summary>Bytes held now.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>Takes bytes, or none.</summary>
    public bool TryTake(int bytes)
    {
        var held = Interlocked.Add(ref _held, bytes);
        if (held <= cap && (scope is null || held <= Volatile.Read(ref _reserved) || TryReserve()))
        {
            return true;
        }

        Interlocked.Add(ref _held, -bytes);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Give(int bytes)
    {
        var held = Interlocked.Add(ref _held, -bytes);
        if (scope is not null && Volatile.Read(ref _reserved) - held > Spare)
        {
            Shrink(spare: Step);
        }
    }

    /// <summary>Returns to the scope what is not held, now and from now on at once.</summary>
    public void Close()
    {
        if (scope is null)
        {
            return;
        }

        lock (_lock)
        {
            _closed = true;
        }

        Shrink(spare: 0);
    }

    private bool TryReserve()
    {
        lock (_lock)
        {
            var missing = (Volatile.Read(ref _held) - _reserved + Step - 1) / Step * Step;
            if (missing <= 0)
            {
                return true;
            }

            if (_closed || !scope!.TryReserve(missing, ReservationPriority.Medium, out _))
            {
                return false;
            }

            _reserved += missing;
            return true;
        }
    }

    private void Shrink(int spare)
    {
        lock (_lock)
        {
            // Once closed, nothing may stay behind: what readers still hold is about to be garbage and is no longer priced.
            var keep = _closed ? 0 : (Volatile.Read(ref _held) + spare + Step - 1) / Step * Step;
            if (_reserved > keep)
            {
                scope!.Release(_reserved - keep);
                _reserved = keep;
            }
        }
    }
}
