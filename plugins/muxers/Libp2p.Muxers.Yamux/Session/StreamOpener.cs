using System.Threading.Tasks.Sources;
using Libp2p.Pipes;

namespace Libp2p.Muxers.Yamux.Session;

/// <summary>Someone who waits to open a stream until the remote has acknowledged others. Used once.</summary>
internal sealed class StreamOpener(YamuxSession session) : IValueTaskSource
{
    private Waiter _waiter;
    private int _done;
    private CancellationToken _cancelled;
    private CancellationTokenRegistration _registration;

    /// <summary>Waits; at most once. The stream may be gone to somebody else when the wait is over: then one tries again.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        _registration = cancellationToken.UnsafeRegister(static (self, token) => ((StreamOpener)self!).Cancel(token), this);
        return new ValueTask(this, _waiter.Version);
    }

    /// <summary>Ends the wait, outside the session's gate. False where it was cancelled before.</summary>
    public bool TryRelease()
    {
        if (Interlocked.Exchange(ref _done, 1) != 0)
        {
            return false;
        }

        _waiter.Complete(session.Scheduler);
        return true;
    }

    void IValueTaskSource.GetResult(short token)
    {
        _waiter.Check(token);
        _registration.Dispose();
        _cancelled.ThrowIfCancellationRequested();
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags, session.Scheduler);

    private void Cancel(CancellationToken token)
    {
        if (Interlocked.Exchange(ref _done, 1) == 0)
        {
            _cancelled = token;
            _waiter.Complete(session.Scheduler);
        }
    }
}
