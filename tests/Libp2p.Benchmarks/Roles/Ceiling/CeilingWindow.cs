using System.Threading.Tasks.Sources;

namespace Libp2p.Benchmarks.Roles.Ceiling;

/// <summary>What may still be sent. One taker, one giver.</summary>
internal sealed class CeilingWindow : IValueTaskSource
{
    private const int Idle = 0, Waiting = 1, Given = 2;

    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private long _available = 256 * 1024;
    private int _state;

    /// <summary>Takes at most that many; 0 where there is none.</summary>
    public int Take(int most)
    {
        var taken = (int)Math.Clamp(Volatile.Read(ref _available), 0, most);
        Interlocked.Add(ref _available, -taken);
        return taken;
    }

    public void Give(int bytes)
    {
        Interlocked.Add(ref _available, bytes);
        if (Interlocked.Exchange(ref _state, Given) != Waiting) return;
        Volatile.Write(ref _state, Idle);
        _core.SetResult(true);
    }

    /// <summary>Until something was given since the last wait.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Given) == Given) return default;
        _core.Reset();
        var version = _core.Version;
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle) return new ValueTask(this, version);
        Volatile.Write(ref _state, Idle);
        return default;
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
