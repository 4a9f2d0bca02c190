using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Libp2p.Muxers.Yamux.Session;
using Libp2p.Pipes;

namespace Libp2p.Muxers.Yamux.Streams;

/// <summary>
/// The write side of a stream. One writer. A large write on an idle connection is sent from the caller's memory, and its flush completes when the layer
/// below took it; small or contended ones are copied into the connection's output, and their flush completes with the copy. A flush waits for the remote's
/// credit and for room in that output.
/// </summary>
/// <remarks>
/// Cancelling a flush gives up the wait, not the data: as with a pipe, what was not sent yet is kept and leaves with the next flush, or when the writer
/// completes.
/// </remarks>
internal sealed class YamuxStreamOutput(YamuxStream stream, YamuxSession session) : PipeWriter, IValueTaskSource
{
    private Block? _head; // written, not flushed; the writer's own
    private Block? _tail;
    private int _headIndex;
    private long _pending;

    // Guarded by the session's gate:
    private StreamResetException? _error;
    private bool _waiting;
    private bool _sending;
    private bool _finishing; // completed while a flush was under way, or while data waits for credit
    private bool _completed;
    private bool _cancelPending;

    private Waiter _waiter;
    private CancellationToken _cancelled;

    /// <summary>Whether the stream is gone, though it may still be in the table for a moment. Under the session's gate.</summary>
    public bool IsFailed => _error is not null;

    /// <summary>Whether the writer is done.</summary>
    public bool IsCompleted => Volatile.Read(ref _completed);

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _pending;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => Writable(sizeHint).FreeMemory;

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => Writable(sizeHint).FreeMemory.Span;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        if (bytes < 0 || bytes > (_tail?.Free ?? 0))
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "More than the memory that was given out.");
        }

        if (bytes > 0)
        {
            _tail!.Fill(bytes);
            _pending += bytes;
        }
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => WriteAsync(default, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_completed)
        {
            throw new InvalidOperationException("Writing is not possible after the writer was completed.");
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        if (Volatile.Read(ref _sending))
        {
            return ValueTask.FromException<FlushResult>(SecondWriter());
        }

        // The common case: one piece of data, no wait.
        var pending = _head is { NextBlock: null } && source.IsEmpty;
        if ((pending || _pending == 0) && !_cancelPending)
        {
            var data = pending ? _head!.Memory[_headIndex..] : source;
            switch (session.TrySend(stream, data.Span, direct: true, out var taken, out var flags))
            {
                case SendStep.Staged:
                    if (pending)
                    {
                        Sent(taken);
                    }
                    else
                    {
                        source = source[taken..];
                    }

                    if (taken == data.Length)
                    {
                        return default;
                    }

                    break;
                case SendStep.Direct:
                    var sending = session.SendDirectAsync(stream, flags, data[..taken]);
                    if (!sending.IsCompletedSuccessfully || taken < data.Length || stream.IsRemoved)
                    {
                        return SendAsync(source, sending, taken, pending, cancellationToken);
                    }

                    sending.GetAwaiter().GetResult();
                    if (pending)
                    {
                        Sent(taken);
                    }

                    return default;
                case SendStep.Failed:
                    return ValueTask.FromException<FlushResult>(Failure());
                default:
                    CancelWait();
                    break;
            }
        }

        return SendAsync(source, default, 0, false, cancellationToken);
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush()
    {
        lock (session.Gate)
        {
            _cancelPending = true;
            if (!TakeWaiter())
            {
                return;
            }
        }

        Wake();
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        lock (session.Gate)
        {
            if (_completed)
            {
                return;
            }

            _completed = true;
            if (_sending && exception is null)
            {
                _finishing = true; // the flush under way finishes behind its data
                return;
            }
        }

        if (exception is not null)
        {
            session.Reset(stream, exception is StreamResetException reset ? reset.Code : StreamErrorCode.None);
        }
        else
        {
            Finish();
        }

        stream.SideDone();
    }

    void IValueTaskSource.GetResult(short token) => _waiter.Check(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags, session.Scheduler);

    /// <summary>Begins to wait for credit or room. Under the session's gate.</summary>
    public void BeginWait()
    {
        _waiter.Reset();
        if (_cancelled.IsCancellationRequested || _cancelPending)
        {
            _waiter.Complete(session.Scheduler); // cancelled before the wait began
        }
        else
        {
            _waiting = true;
        }
    }

    /// <summary>Ends the wait, if there is one; then <see cref="Wake"/> outside the gate. Under the session's gate.</summary>
    public bool TakeWaiter()
    {
        var waiting = _waiting;
        _waiting = false;
        return waiting;
    }

    /// <summary>Continues the writer.</summary>
    public void Wake() => _waiter.Complete(session.Scheduler);

    /// <summary>Says why writes fail from now on, where nothing did yet; <see cref="Fail"/> follows. Under the session's gate, with the stream's removal, so that no writer sees the one without the other.</summary>
    public void Blame(StreamResetException error) => _error ??= error;

    /// <summary>The stream is gone; writes throw.</summary>
    public void Fail(StreamResetException error)
    {
        lock (session.Gate)
        {
            _error ??= error;
            if (!TakeWaiter())
            {
                return;
            }
        }

        Wake();
    }

    private StreamResetException Failure()
    {
        lock (session.Gate)
        {
            if (_error is not null)
            {
                return new StreamResetException(_error.Code, _error.ByRemote, _error.InnerException);
            }
        }

        // The session has ended, and the streams are about to be told.
        return session.EndReason is { } end
            ? new StreamResetException(StreamErrorCode.None, end.ByRemote, new ConnectionClosedException(end))
            : new StreamResetException(StreamErrorCode.None, byRemote: false);
    }

    private void ThrowIfGone()
    {
        if (stream.IsRemoved)
        {
            throw Failure();
        }
    }

    private Block Writable(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        if (_completed)
        {
            throw new InvalidOperationException("Writing is not possible after the writer was completed.");
        }

        if (_tail is null || _tail.Free < Math.Max(sizeHint, 1))
        {
            // The first block is for a message, the next ones are for a stream of bytes.
            var size = Math.Max(sizeHint, _tail is null ? BlockPool.Medium : BlockPool.Large);
            var block = size <= BlockPool.Large ? BlockPool.Shared.Rent(size) : new Block(size);
            if (_tail is { End: 0 })
            {
                ReleasePending();
            }

            block.Follow(_tail, 0);
            _head ??= block;
            _tail = block;
        }

        return _tail;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> SendAsync(
        ReadOnlyMemory<byte> source, ValueTask begun, int begunBytes, bool begunPending, CancellationToken cancellationToken)
    {
        BeginSending();
        var registration = cancellationToken.CanBeCanceled
            ? cancellationToken.UnsafeRegister(static (self, token) => ((YamuxStreamOutput)self!).Cancel(token), this)
            : default;
        var finish = false;
        try
        {
            if (begunBytes > 0)
            {
                await begun.ConfigureAwait(false);
                if (begunPending)
                {
                    Sent(begunBytes);
                }
                else
                {
                    source = source[begunBytes..];
                }

                ThrowIfGone();
            }

            while (_head is not null)
            {
                var sent = await SendSomeAsync(_head.Memory[_headIndex..]).ConfigureAwait(false);
                if (sent < 0)
                {
                    Keep(source);
                    return new FlushResult(isCanceled: true, isCompleted: false);
                }

                Sent(sent);
            }

            do
            {
                var sent = await SendSomeAsync(source).ConfigureAwait(false);
                if (sent < 0)
                {
                    Keep(source);
                    return new FlushResult(isCanceled: true, isCompleted: false);
                }

                source = source[sent..];
            }
            while (!source.IsEmpty);

            return default;
        }
        catch (OperationCanceledException)
        {
            Keep(source);
            throw;
        }
        finally
        {
            registration.Dispose();
            finish = EndSending();
            if (finish)
            {
                Finish();
                stream.SideDone();
            }
        }
    }

    /// <summary>Sends a first part of the data, waiting for credit and room. Returns its length; -1 where the flush was cancelled by its writer.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> SendSomeAsync(ReadOnlyMemory<byte> data)
    {
        while (true)
        {
            if (TakeCancel())
            {
                return -1;
            }

            switch (session.TrySend(stream, data.Span, direct: true, out var taken, out var flags))
            {
                case SendStep.Staged:
                    return taken;
                case SendStep.Direct:
                    await session.SendDirectAsync(stream, flags, data[..taken]).ConfigureAwait(false);
                    ThrowIfGone();
                    return taken;
                case SendStep.Failed:
                    throw Failure();
                default:
                    await new ValueTask(this, _waiter.Version).ConfigureAwait(false);
                    break;
            }
        }
    }

    private void BeginSending()
    {
        lock (session.Gate)
        {
            if (_sending)
            {
                throw SecondWriter();
            }

            _sending = true;
            _cancelled = default;
        }
    }

    private static InvalidOperationException SecondWriter() => new("A flush is under way; a stream has one writer.");

    private bool EndSending()
    {
        lock (session.Gate)
        {
            _sending = false;
            var finish = _finishing;
            _finishing = false;
            return finish;
        }
    }

    private bool TakeCancel()
    {
        lock (session.Gate)
        {
            _cancelled.ThrowIfCancellationRequested();
            var cancelled = _cancelPending;
            _cancelPending = false;
            return cancelled;
        }
    }

    /// <summary>Gives up a wait that nobody will await.</summary>
    private void CancelWait()
    {
        lock (session.Gate)
        {
            TakeWaiter();
        }
    }

    private void Cancel(CancellationToken token)
    {
        lock (session.Gate)
        {
            _cancelled = token;
            if (!TakeWaiter())
            {
                return;
            }
        }

        Wake();
    }

    /// <summary>Keeps what a cancelled flush did not send, behind what is kept already.</summary>
    private void Keep(ReadOnlyMemory<byte> rest)
    {
        if (IsGone())
        {
            return;
        }

        var data = rest.Span;
        while (!data.IsEmpty)
        {
            if (_tail is null || _tail.Free == 0)
            {
                var block = BlockPool.Shared.Rent(data.Length);
                block.Follow(_tail, 0);
                _head ??= block;
                _tail = block;
            }

            var count = _tail.Append(data);
            _pending += count;
            data = data[count..];
        }
    }

    private bool IsGone()
    {
        lock (session.Gate)
        {
            return _error is not null;
        }
    }

    private void Sent(int count)
    {
        _pending -= count;
        _headIndex += count;
        if (_headIndex == _head!.End)
        {
            var block = _head;
            _head = block.NextBlock;
            _headIndex = 0;
            if (_head is null)
            {
                _tail = null;
            }

            BlockPool.Shared.Return(block);
        }
    }

    private void ReleasePending()
    {
        while (_head is { } block)
        {
            _head = block.NextBlock;
            BlockPool.Shared.Return(block);
        }

        _tail = null;
        _headIndex = 0;
        _pending = 0;
    }

    /// <summary>Closes the write side behind what is pending; where that has to wait for credit, by itself later.</summary>
    private void Finish()
    {
        if (_pending == 0)
        {
            ReleasePending();
            session.TryFinish(stream, default);
        }
        else if (_head is { NextBlock: null, Capacity: <= BlockPool.Large } only && session.TryFinish(stream, only.Memory.Span[_headIndex..]))
        {
            ReleasePending();
        }
        else
        {
            _ = FinishLaterAsync();
        }
    }

    private async Task FinishLaterAsync()
    {
        try
        {
            await SendAsync(default, default, 0, false, CancellationToken.None).ConfigureAwait(false);
            session.TryFinish(stream, default);
        }
        catch (Exception error) when (error is Libp2pException or OperationCanceledException)
        {
            // The stream was reset meanwhile; there is nobody to tell.
        }
        finally
        {
            ReleasePending();
        }
    }
}
