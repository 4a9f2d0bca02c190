using System.Buffers;
using System.IO.Pipelines;
using Libp2p.Pipes;

namespace Libp2p.Transports.Memory;

/// <content>The reader's side.</content>
internal sealed partial class MemoryPipe
{
    /// <summary>What the reader waits on.</summary>
    public Waiter Reading;

    private TransportException? _readerFault;
    private CancellationToken _readCancelled;
    private long _lentEnd;
    private bool _lent; // the reader has memory in its hands
    private bool _readWaits;
    private bool _cancelRead;

    public bool TryRead(out ReadResult result)
    {
        lock (_gate)
        {
            CheckReadable();
            return TryTake(out result);
        }
    }

    /// <summary>A result, or the beginning of a wait for one.</summary>
    public bool TryReadOrWait(out ReadResult result, out short version)
    {
        lock (_gate)
        {
            CheckReadable();
            version = 0;
            if (TryTake(out result))
            {
                return true;
            }

            Reading.Reset();
            version = Reading.Version;
            _readWaits = true;
            return false;
        }
    }

    /// <summary>The end of a wait.</summary>
    public ReadResult EndRead(short version)
    {
        lock (_gate)
        {
            Reading.Check(version);
            if (_readCancelled.IsCancellationRequested)
            {
                var cancelled = _readCancelled;
                _readCancelled = default;
                throw new OperationCanceledException(cancelled);
            }

            CheckReadable();

            // Woken means that there is something, and it does not go away.
            TryTake(out var result);
            return result;
        }
    }

    /// <summary>Consumes; true where the reader now holds more than it may.</summary>
    public bool Advance(SequencePosition consumed, SequencePosition examined, out long kept)
    {
        var wake = false;
        lock (_gate)
        {
            kept = 0;
            if (_stopped)
            {
                throw new InvalidOperationException("The input was completed: there is no more reading.");
            }

            if (!_lent)
            {
                return false;
            }

            var to = PositionOf(consumed, _consumed);
            var seen = Math.Max(to, PositionOf(examined, _examined));
            if (to < _consumed || seen > _lentEnd)
            {
                throw new ArgumentOutOfRangeException(nameof(consumed), "The position is not of the last read.");
            }

            _lent = false;
            if (_readerFault is not null)
            {
                Discard();
                return false;
            }

            if (consumed.GetObject() is Block block)
            {
                while (_head != block)
                {
                    ReleaseHead();
                }

                _headIndex = consumed.GetInteger();
            }

            _consumed = to;
            _examined = Math.Max(_examined, seen);
            ReleaseIdle();
            wake = _flushWaits && Ahead <= options.Capacity / 2 && TakeFlushWait();
            kept = _examined - _consumed;
        }

        if (wake)
        {
            Flushing.Complete(writerScheduler);
        }

        return kept > options.MaxUnconsumed;
    }

    public void CancelRead()
    {
        lock (_gate)
        {
            _cancelRead = true;
            if (!TakeReadWait())
            {
                return;
            }
        }

        Reading.Complete(readerScheduler);
    }

    public void CancelRead(CancellationToken token)
    {
        lock (_gate)
        {
            if (!TakeReadWait())
            {
                return;
            }

            _readCancelled = token;
        }

        Reading.Complete(readerScheduler);
    }

    /// <summary>The reader takes no more: what was not consumed is thrown away, and so is what comes.</summary>
    public void CompleteReader()
    {
        bool wakeReader;
        bool wakeWriter;
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
            _lent = false;
            Discard();
            wakeReader = TakeReadWait();
            wakeWriter = TakeFlushWait();
        }

        Wake(wakeReader, wakeWriter);
    }

    /// <summary>Reads fail from now on; what was not consumed is thrown away.</summary>
    public void FailReader(TransportException fault)
    {
        bool wake;
        lock (_gate)
        {
            if (_readerFault is not null || _stopped)
            {
                return;
            }

            _readerFault = fault;
            if (!_lent)
            {
                Discard();
            }

            wake = TakeReadWait();
        }

        Wake(wake, writer: false);
    }

    private void CheckReadable()
    {
        if (_stopped)
        {
            throw new InvalidOperationException("The input was completed: there is no more reading.");
        }

        if (_readWaits)
        {
            throw new InvalidOperationException("A read is under way already.");
        }
    }

    private bool TryTake(out ReadResult result)
    {
        if (_readerFault is { } fault)
        {
            throw fault;
        }

        if (!_cancelRead && _flushed == _examined && !_ended)
        {
            result = default;
            return false;
        }

        result = new ReadResult(Unread(), _cancelRead, _ended);
        _cancelRead = false;
        _lent = true;
        _lentEnd = _flushed;
        return true;
    }

    private ReadOnlySequence<byte> Unread()
    {
        if (_consumed == _flushed)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        // The writer may have gone on to another block since the last byte of this one was consumed.
        while (_head != _flushedTail && _headIndex == _head!.End)
        {
            ReleaseHead();
        }

        return new ReadOnlySequence<byte>(_head!, _headIndex, _flushedTail!, _flushedIndex);
    }

    private static long PositionOf(SequencePosition position, long empty) => position.GetObject() is Block block ? block.RunningIndex + position.GetInteger() : empty;

    private bool TakeReadWait()
    {
        var waits = _readWaits;
        _readWaits = false;
        return waits;
    }

    private void Wake(bool reader, bool writer)
    {
        if (reader)
        {
            Reading.Complete(readerScheduler);
        }

        if (writer)
        {
            Flushing.Complete(writerScheduler);
        }
    }
}
