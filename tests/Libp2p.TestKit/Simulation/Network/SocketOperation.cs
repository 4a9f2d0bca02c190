using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;

namespace Libp2p.TestKit;

/// <summary>One wait of a socket at a time, used again and again. Whoever waits goes on by the loop, never within the call that ends the wait.</summary>
[SuppressMessage("Usage", "CA2231", Justification = "No value.")]
internal sealed class SocketOperation<T>(EventLoop loop, Life owner, Func<Exception?> whyNot) : IValueTaskSource<T>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<T> _core;
    private CancellationTokenRegistration _registration;
    private T? _result;
    private Exception? _failure;
    private bool _busy;

    /// <summary>Whether somebody waits and nothing has ended it.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Begins a wait.</summary>
    /// <exception cref="InvalidOperationException">Somebody waits already.</exception>
    public short Begin(CancellationToken cancellationToken)
    {
        if (_busy) throw new InvalidOperationException("One at a time: the operation before has not ended.");
        _busy = true;
        IsPending = true;
        _failure = null;
        _core.Reset();
        if (whyNot() is { } failure) Fail(failure);
        else if (cancellationToken.CanBeCanceled) _registration = cancellationToken.UnsafeRegister(static (self, token) => ((SocketOperation<T>)self!).Fail(new OperationCanceledException(token)), this);
        return _core.Version;
    }

    public void Succeed(T result)
    {
        if (!IsPending) return;
        _result = result;
        End();
    }

    public void Fail(Exception failure)
    {
        if (!IsPending || !loop.IsHere()) return;
        _failure = failure;
        End();
    }

    public T GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _registration.Dispose();
            _registration = default;
            _busy = false;
        }
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void End()
    {
        IsPending = false;
        loop.Post(owner, static self => ((SocketOperation<T>)self!).Tell(), this);
    }

    private void Tell()
    {
        if (_failure is { } failure) _core.SetException(failure);
        else _core.SetResult(_result!);
    }
}
