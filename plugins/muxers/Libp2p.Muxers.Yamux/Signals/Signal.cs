using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Libp2p.Pipes;

namespace Libp2p.Muxers.Yamux.Signals;

/// <summary>An auto-reset event for one waiter, without allocations. Setting it before the wait completes the wait at once; several settings count once.</summary>
internal sealed class Signal(PipeScheduler scheduler) : IValueTaskSource
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Raised = 2;

    private Waiter _waiter;
    private int _state;

    /// <summary>Waits until the signal is set, and takes it.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Raised) == Raised)
        {
            return default;
        }

        _waiter.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
        {
            return new ValueTask(this, _waiter.Version);
        }

        Volatile.Write(ref _state, Idle);
        return default;
    }

    /// <summary>Sets the signal; whoever waits is scheduled.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _state, Raised) == Waiting)
        {
            // The setting is spent on the waiter.
            Interlocked.CompareExchange(ref _state, Idle, Raised);
            _waiter.Complete(scheduler);
        }
    }

    void IValueTaskSource.GetResult(short token) => _waiter.Check(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags, scheduler);
}
