using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Libp2p.Muxers.Yamux.Session;
using Libp2p.Pipes;

namespace Libp2p.Muxers.Yamux.Streams;

/// <summary>What came of asking for room in a stream's window.</summary>
internal enum CreditOutcome
{
    Taken,

    /// <summary>More than the window allows.</summary>
    Exceeded,

    /// <summary>The remote had ended the stream.</summary>
    Ended,
}

/// <summary>
/// The read side of a stream: received bytes in pooled blocks, read in place. One reader; the session's receiver fills it. What a read returned stays the
/// reader's until it advances, whatever happens to the stream meanwhile.
/// </summary>
internal sealed partial class YamuxStreamInput : PipeReader, IValueTaskSource<ReadResult>
{
    private readonly YamuxStream _stream;
    private readonly YamuxSession _session;
    private readonly Lock _lock; // guards everything below; shared with other streams

    private Block? _head;
    private Block? _tail;
    private int _headIndex;
    private long _received; // positions in the stream: bytes received, consumed, and seen by the reader
    private long _consumed;
    private long _examined;
    private long _readEnd; // up to where the last read went
    private int _held; // bytes of blocks, also read without the lock

    private int _window = YamuxSession.InitialWindow;
    private long _credit = YamuxSession.InitialWindow; // what the remote may still send
    private long _unreturned; // consumed, but not yet given back
    private long _epoch; // when credit was last returned

    private StreamResetException? _error;
    private bool _keepBuffered; // the error comes behind what is buffered
    private bool _ended;
    private bool _completed;
    private bool _stopped; // what arrives is discarded
    private bool _unpriced; // its blocks are not accounted any more
    private bool _dead; // no credit is due any more
    private bool _reading; // between a read and its advance
    private bool _waiting;
    private bool _cancelPending;

    private Waiter _waiter;
    private CancellationToken _cancelled;
    private CancellationTokenRegistration _registration;

    public YamuxStreamInput(YamuxStream stream, YamuxSession session, long now)
    {
        _stream = stream;
        _session = session;
        _lock = session.StripeFor((uint)stream.Id);
        _epoch = now;
    }

    /// <summary>Memory that unread data holds, in bytes. A snapshot.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>The receive window. A snapshot.</summary>
    public int Window => Volatile.Read(ref _window);

    /// <summary>Whether the reader is done.</summary>
    public bool IsCompleted => Volatile.Read(ref _completed);

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        lock (_lock)
        {
            CheckReadable();
            return TryTake(out result);
        }
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        }

        short version;
        lock (_lock)
        {
            CheckReadable();
            try
            {
                if (TryTake(out var result))
                {
                    return new ValueTask<ReadResult>(result);
                }
            }
            catch (StreamResetException error)
            {
                return ValueTask.FromException<ReadResult>(error);
            }

            _waiter.Reset();
            version = _waiter.Version;
            _cancelled = default;
            _waiting = true;
        }

        if (!_stream.IsAnnounced)
        {
            // Somebody who only reads would wait for a remote that does not know.
            _session.Announce(_stream);
        }

        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(static (self, token) => ((YamuxStreamInput)self!).Cancel(token), this);
        }

        return new ValueTask<ReadResult>(this, version);
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        bool due;
        lock (_lock)
        {
            if (_completed)
            {
                throw new InvalidOperationException("The reader was completed.");
            }

            if (!_reading)
            {
                throw new InvalidOperationException("There is nothing to advance: nothing was read.");
            }

            var to = PositionOf(consumed, _consumed);
            var seen = PositionOf(examined, _readEnd);
            if (to < _consumed || to > _readEnd || seen < to || seen > _readEnd)
            {
                throw new ArgumentOutOfRangeException(nameof(consumed), "Not a position in what was read.");
            }

            _reading = false;
            if (_stopped || (_error is not null && !_keepBuffered))
            {
                due = Discard();
            }
            else
            {
                _unreturned += to - _consumed;
                Release(to, consumed);
                _examined = Math.Max(_examined, seen);
                due = IsCreditDue();
            }
        }

        if (due)
        {
            ReturnCredit();
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        lock (_lock)
        {
            _cancelPending = true;
            if (!_waiting)
            {
                return;
            }

            _waiting = false;
        }

        _waiter.Complete(_session.Scheduler);
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        bool due;
        bool wake;
        lock (_lock)
        {
            if (_completed)
            {
                return;
            }

            _completed = true;
            _stopped = true;
            _reading = false;
            due = Discard();
            wake = _waiting;
            _waiting = false;
        }

        if (wake)
        {
            _waiter.Complete(_session.Scheduler);
        }

        if (due)
        {
            ReturnCredit();
        }

        _stream.SideDone();
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        _waiter.Check(token);
        _registration.Dispose();
        _registration = default;
        lock (_lock)
        {
            if (_cancelled.IsCancellationRequested)
            {
                var cancelled = _cancelled;
                _cancelled = default;
                throw new OperationCanceledException(cancelled);
            }

            CheckReadable();

            // Woken means that there is something; data or an end do not go away.
            TryTake(out var result);
            return result;
        }
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags, _session.Scheduler);

    private void Cancel(CancellationToken token)
    {
        lock (_lock)
        {
            if (!TakeWaiter())
            {
                return;
            }

            _cancelled = token;
        }

        _waiter.Complete(_session.Scheduler);
    }

    private bool TakeWaiter()
    {
        var waiting = _waiting;
        _waiting = false;
        return waiting;
    }

    private void CheckReadable()
    {
        if (_completed)
        {
            throw new InvalidOperationException("Reading is not possible after the reader was completed.");
        }

        if (_reading || _waiting)
        {
            throw new InvalidOperationException("A read is under way; advance it first.");
        }
    }

    private bool TryTake(out ReadResult result)
    {
        if (_error is not null && !_keepBuffered)
        {
            throw new StreamResetException(_error.Code, _error.ByRemote, _error.InnerException);
        }

        if (_cancelPending)
        {
            _cancelPending = false;
            _reading = true;
            _readEnd = _received;
            result = new ReadResult(Unread(), isCanceled: true, isCompleted: _ended);
            return true;
        }

        if (_received > _examined || _ended)
        {
            _reading = true;
            _readEnd = _received;
            result = new ReadResult(Unread(), isCanceled: false, isCompleted: _ended);
            return true;
        }

        if (_error is not null)
        {
            throw new StreamResetException(_error.Code, _error.ByRemote, _error.InnerException);
        }

        result = default;
        return false;
    }

    private ReadOnlySequence<byte> Unread() =>
        _head is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_head, _headIndex, _tail!, _tail!.End);

    /// <summary>The position in the stream; for positions of an empty buffer, which say nothing, the one given.</summary>
    private static long PositionOf(SequencePosition position, long empty) =>
        position.GetObject() is Block block ? block.RunningIndex + position.GetInteger() : empty;

    private void Release(long to, SequencePosition position)
    {
        if (to == _received)
        {
            ReleaseAll();
        }
        else if (position.GetObject() is Block block)
        {
            while (_head is not null && !ReferenceEquals(_head, block))
            {
                ReleaseHead();
            }

            _headIndex = position.GetInteger();
            if (_headIndex == block.End && block.NextBlock is not null)
            {
                ReleaseHead();
            }
        }

        _consumed = to;
    }

    private void ReleaseHead()
    {
        var block = _head!;
        _head = block.NextBlock;
        _headIndex = 0;
        if (!_unpriced)
        {
            _held -= block.Capacity;
            _session.Memory.Give(block.Capacity);
        }

        BlockPool.Shared.Return(block);
    }

    private void Unprice()
    {
        if (!_unpriced)
        {
            _unpriced = true;
            _session.Memory.Give(_held);
            _held = 0;
        }
    }

    private void ReleaseAll()
    {
        while (_head is not null)
        {
            ReleaseHead();
        }

        _tail = null;
    }

    /// <summary>Throws away what is buffered and counts it as consumed; where the reader looks at it, its advance does so.</summary>
    /// <returns>Whether credit is due.</returns>
    private bool Discard()
    {
        if (!_reading)
        {
            _unreturned += _received - _consumed;
            ReleaseAll();
            _consumed = _examined = _received;
        }

        return IsCreditDue();
    }

    private bool IsCreditDue() => !_ended && !_dead && _unreturned >= _window / 2;

    /// <summary>Memory for a block: where there is none, the greediest stream of the connection has to go, which may be this one.</summary>
    private bool TryHold(int size)
    {
        // A few attempts: where the node as a whole is short of memory, no number of victims helps.
        for (var attempt = 0; attempt < 4; attempt++)
        {
            if (_session.Memory.TryTake(size))
            {
                return true;
            }

            if (_stream.IsRemoved || !_session.Shed())
            {
                break;
            }
        }

        return false;
    }

    /// <summary>Gives the remote the credit that is due, and a larger window where it used up half of this one within four round trips.</summary>
    private void ReturnCredit()
    {
        var now = _session.Now;
        var roundTrip = _session.RoundTrip;
        var isShort = _session.IsShortOfMemory;
        int growth;
        lock (_lock)
        {
            if (_ended || _dead)
            {
                return;
            }

            growth = roundTrip > 0 && now - _epoch < 4 * roundTrip && !_stopped && !isShort ? Math.Min(_window, _session.Options.MaxWindow - _window) : 0;
        }

        if (roundTrip == 0)
        {
            _session.MeasureRoundTrip(now);
        }

        if (growth > 0 && !_session.TryGrow(_stream, growth))
        {
            growth = 0;
        }

        long delta;
        int shrunk;
        lock (_lock)
        {
            // A window that grew gets smaller by what is not granted again: credit that the remote has cannot be taken back.
            shrunk = isShort ? (int)Math.Min(_unreturned, _window - YamuxSession.InitialWindow) : 0;

            // Counted as granted before the frame leaves: the remote may answer it at once.
            delta = _unreturned + growth - shrunk;
            _unreturned = 0;
            _credit += delta;
            _window += growth - shrunk;
            _epoch = now;
        }

        if (shrunk > 0)
        {
            _session.Shrink(_stream, shrunk);
        }

        if (growth > 0)
        {
            YamuxMetrics.WindowGrew(growth);
        }

        if (delta > 0)
        {
            _session.QueueCredit(_stream, delta);
        }
    }
}
