using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Libp2p.Security.Tls;

/// <content>
/// The wait for a record: a read of nothing, which <see cref="System.Net.Security.SslStream"/> ends once there is something. At most one is under way; its end goes to the read that waits, or, where that one
/// was cancelled, is kept for the next. One reusable source stands for all waiting reads.
/// </content>
internal sealed partial class TlsReader : IValueTaskSource<ReadResult>
{
    private readonly Action _onArrived;
    private readonly Lock _gate = new(); // guards the four below
    private bool _arriving; // a wait is under way
    private bool _waiting; // a read waits for it
    private bool _cancel; // the next read says that it was cancelled
    private bool _completing; // the wire's input is completed when the wait is over

    private ManualResetValueTaskSourceCore<ReadResult> _waiter;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _arrival;
    private Exception? _arrivalFailure;
    private CancellationTokenRegistration _registration;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        }

        try
        {
            while (true)
            {
                if (TryServe(out var result))
                {
                    return new ValueTask<ReadResult>(result);
                }

                if (TryArrive())
                {
                    Decrypt();
                }
                else if (TryWait(cancellationToken, out var wait))
                {
                    return wait;
                }
            }
        }
        catch (Exception e)
        {
            return ValueTask.FromException<ReadResult>(e);
        }
    }

    public override void CancelPendingRead()
    {
        lock (_gate)
        {
            if (!_waiting)
            {
                _cancel = true;
                return;
            }

            _waiting = false;
        }

        _registration.Dispose();
        _waiter.SetResult(new ReadResult(_queue.Sequence, isCanceled: true, _ended));
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _waiter.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags);

    /// <summary>Whether there is something to decrypt, or to fail with; otherwise a wait for it is under way.</summary>
    [SuppressMessage("Reliability", "CA2012", Justification = "The field holds the awaiter of the one wait under way; its result is taken once.")]
    private bool TryArrive()
    {
        lock (_gate)
        {
            if (_arriving)
            {
                return false;
            }
        }

        if (_arrivalFailure is not null)
        {
            return true;
        }

        _stream.Turn.Enter();
        var arrival = _tls.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false).GetAwaiter();
        if (arrival.IsCompleted)
        {
            End(arrival);
            return true;
        }

        lock (_gate)
        {
            _arriving = true;
        }

        _arrival = arrival;
        arrival.UnsafeOnCompleted(_onArrived);
        return false;
    }

    /// <summary>Lets a read wait; false where there is no need any more.</summary>
    private bool TryWait(CancellationToken cancellationToken, out ValueTask<ReadResult> wait)
    {
        _waiter.Reset();
        wait = new ValueTask<ReadResult>(this, _waiter.Version);
        _registration = cancellationToken.UnsafeRegister(static (reader, token) => ((TlsReader)reader!).Cancel(token), this);
        bool waits;
        lock (_gate)
        {
            waits = _waiting = _arriving && !_cancel;
        }

        if (!waits)
        {
            _registration.Dispose();
            return false;
        }

        // It found nobody waiting where it came before.
        if (cancellationToken.IsCancellationRequested)
        {
            Cancel(cancellationToken);
        }

        return true;
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_waiting)
            {
                return;
            }

            _waiting = false;
        }

        _waiter.SetException(new OperationCanceledException(cancellationToken));
    }

    private void OnArrived()
    {
        End(_arrival);
        bool waited, completing;
        lock (_gate)
        {
            _arriving = false;
            waited = _waiting;
            _waiting = false;
            completing = _completing;
        }

        if (completing)
        {
            _connection.CompleteInput(null);
        }

        if (!waited)
        {
            return;
        }

        // Waits for a cancellation that is just being told to nobody, so that it is not told to the next read.
        _registration.Dispose();
        ReadResult result;
        try
        {
            Decrypt();
            if (!TryServe(out result))
            {
                throw new InvalidOperationException("TLS showed nothing of a record that has arrived.");
            }
        }
        catch (Exception e)
        {
            _waiter.SetException(e);
            return;
        }

        _waiter.SetResult(result);
    }

    private void End(ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter arrival)
    {
        try
        {
            arrival.GetResult();
        }
        catch (Exception e)
        {
            // Told to the next read.
            _arrivalFailure = e;
        }
        finally
        {
            _stream.Turn.Leave();
        }
    }
}
