namespace Libp2p.TestKit;

/// <summary>The clock of a host: time since the start is the simulation's, the time of day can jump.</summary>
internal sealed class HostTime(EventLoop loop, Life owner, Func<TimeSpan> offset) : TimeProvider
{
    /// <summary>When every simulation begins.</summary>
    public static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp()
    {
        loop.IsHere();
        return loop.Now;
    }

    public override DateTimeOffset GetUtcNow()
    {
        loop.IsHere();
        return Epoch + new TimeSpan(loop.Now) + offset();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new HostTimer(loop, owner, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}

/// <summary>A timer in virtual time. It fires on the loop, with the execution context of whoever made it.</summary>
internal sealed class HostTimer(EventLoop loop, Life owner, TimerCallback callback, object? state) : LoopEntry(owner), ITimer
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private TimeSpan _period;
    private bool _disposed;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, Timeout.InfiniteTimeSpan);
        if (_disposed) return false;
        _period = period;
        if (dueTime == Timeout.InfiniteTimeSpan) loop.Clear(this);
        else loop.Set(this, loop.Now + dueTime.Ticks);
        return true;
    }

    public override void Run()
    {
        if (_period > TimeSpan.Zero) loop.Set(this, loop.Now + _period.Ticks);
        if (_context is null) callback(state);
        else ExecutionContext.Run(_context, static timer => ((HostTimer)timer!).Fire(), this);
    }

    public void Dispose()
    {
        _disposed = true;
        loop.Clear(this);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    private void Fire() => callback(state);
}
