using System.Threading.Tasks.Sources;
using Libp2p.Pipes;

namespace Libp2p.Muxers.Yamux.Session;

/// <summary>Hands streams of the remote to the one who accepts, without allocations.</summary>
internal sealed class StreamAcceptor(YamuxSession session) : IValueTaskSource<IMuxedStream?>
{
    private readonly Lock _lock = new();
    private Waiter _waiter; // guarded by _lock until completed
    private bool _waiting; // guarded by _lock
    private IMuxedStream? _result;
    private CancellationToken _cancelled;
    private CancellationTokenRegistration _registration;

    public ValueTask<IMuxedStream?> AcceptAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IMuxedStream?>(cancellationToken);
        }

        short version;
        lock (_lock)
        {
            if (_waiting)
            {
                throw new InvalidOperationException("Only one may accept streams at a time.");
            }

            // Looked at under the lock: a stream that arrives after this look finds the waiter.
            if (session.TryAccept(out var over) is { } stream)
            {
                return new ValueTask<IMuxedStream?>(stream);
            }

            if (over)
            {
                return default;
            }

            _waiter.Reset();
            version = _waiter.Version;
            _result = null;
            _cancelled = default;
            _waiting = true;
        }

        _registration = cancellationToken.UnsafeRegister(static (self, token) => ((StreamAcceptor)self!).Cancel(token), this);
        return new ValueTask<IMuxedStream?>(this, version);
    }

    /// <summary>A stream waits.</summary>
    public void Offer()
    {
        lock (_lock)
        {
            if (!_waiting || session.TryAccept(out _) is not { } stream)
            {
                return;
            }

            _waiting = false;
            _result = stream;
        }

        _waiter.Complete(session.Scheduler);
    }

    /// <summary>There will be no more.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            if (!_waiting)
            {
                return;
            }

            _waiting = false;
        }

        _waiter.Complete(session.Scheduler);
    }

    IMuxedStream? IValueTaskSource<IMuxedStream?>.GetResult(short token)
    {
        _waiter.Check(token);
        _registration.Dispose();
        _cancelled.ThrowIfCancellationRequested();
        return _result;
    }

    ValueTaskSourceStatus IValueTaskSource<IMuxedStream?>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<IMuxedStream?>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags, session.Scheduler);

    private void Cancel(CancellationToken token)
    {
        lock (_lock)
        {
            if (!_waiting)
            {
                return;
            }

            _waiting = false;
            _cancelled = token;
        }

        _waiter.Complete(session.Scheduler);
    }
}
