namespace Libp2p.Swarm.Runtime;

/// <summary>
/// Absolute deadlines that all have the same length, on one timer: entries leave in the order in which they came, so adding and removing is O(1) and
/// allocates nothing. Thread-safe.
/// </summary>
internal sealed class DeadlineQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _length;
    private readonly long _ticks;
    private readonly ITimer _timer;
    private Deadline? _first;
    private Deadline? _last;
    private bool _armed;
    private bool _disposed;

    public DeadlineQueue(TimeProvider time, TimeSpan length)
    {
        _time = time;
        _length = length;
        _ticks = (long)(length.TotalSeconds * time.TimestampFrequency);
        _timer = time.CreateTimer(static state => ((DeadlineQueue)state!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The length of every deadline here.</summary>
    public TimeSpan Length => _length;

    /// <summary>Whether the timer runs; a clock that a test moves must not move before.</summary>
    public bool IsArmed
    {
        get
        {
            lock (_gate) return _armed;
        }
    }

    /// <summary>Starts the deadline of an entry that is in no queue, as of a moment not before that of earlier entries by more than it takes to get here.</summary>
    public void Add(Deadline entry, long since)
    {
        lock (_gate)
        {
            if (_disposed) return;
            entry.Queue = this;
            entry.DueTimestamp = since + _ticks;
            entry.PreviousDeadline = _last;
            if (_last is null) _first = entry;
            else _last.NextDeadline = entry;
            _last = entry;
            if (_armed) return;
            _armed = true;
            Arm(_time.GetTimestamp(), entry.DueTimestamp);
        }
    }

    /// <summary>Ends the deadline of an entry; false where it has passed, or never began.</summary>
    public bool Remove(Deadline entry)
    {
        lock (_gate)
        {
            if (entry.Queue != this) return false;
            Unlink(entry);
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_first is { } entry)
            {
                Unlink(entry);
            }
        }

        _timer.Dispose();
    }

    private void Sweep()
    {
        while (true)
        {
            Deadline entry;
            lock (_gate)
            {
                if (_first is not { } first || _disposed)
                {
                    _armed = false;
                    return;
                }

                var now = _time.GetTimestamp();
                if (first.DueTimestamp > now)
                {
                    Arm(now, first.DueTimestamp);
                    return;
                }

                Unlink(first);
                entry = first;
            }

            entry.OnDeadline();
        }
    }

    // A millisecond late: a timer that fires early would be armed for nothing.
    private void Arm(long now, long due) =>
        _timer.Change(due > now ? _time.GetElapsedTime(now, due) + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    private void Unlink(Deadline entry)
    {
        if (entry.PreviousDeadline is null) _first = entry.NextDeadline;
        else entry.PreviousDeadline.NextDeadline = entry.NextDeadline;
        if (entry.NextDeadline is null) _last = entry.PreviousDeadline;
        else entry.NextDeadline.PreviousDeadline = entry.PreviousDeadline;
        entry.PreviousDeadline = null;
        entry.NextDeadline = null;
        entry.Queue = null;
    }
}
