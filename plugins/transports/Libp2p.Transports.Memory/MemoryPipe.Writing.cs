using System.IO.Pipelines;
using Libp2p.Pipes;

namespace Libp2p.Transports.Memory;

/// <content>The writer's side.</content>
internal sealed partial class MemoryPipe
{
    /// <summary>What the writer waits on.</summary>
    public Waiter Flushing;

    private TransportException? _writerFault;
    private CancellationToken _flushCancelled;
    private bool _flushWaits;
    private bool _cancelFlush;
    private bool _writerCompleted;

    /// <summary>Bytes written and not flushed.</summary>
    public long Unflushed
    {
        get
        {
            lock (_gate)
            {
                return _written - _flushed;
            }
        }
    }

    public void CheckWriter()
    {
        lock (_gate)
        {
            ThrowIfWriterCompleted();
        }
    }

    /// <summary>A block with room for so many bytes, at least one.</summary>
    public Block Room(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        lock (_gate)
        {
            ThrowIfWriterCompleted();
            _writing = true;
            if (_tail is { } tail && tail.Free >= Math.Max(sizeHint, 1))
            {
                return tail;
            }

            // The first block is for a message, the next ones are for a stream of bytes.
            var size = Math.Max(sizeHint, _tail is null ? BlockPool.Small : _tail.Capacity == BlockPool.Small ? BlockPool.Medium : BlockPool.Large);
            var block = size <= BlockPool.Large ? BlockPool.Shared.Rent(size) : new Block(size);
            block.Follow(_tail, _written);
            if (_head is null)
            {
                (_head, _headIndex) = (block, 0);
            }

            return _tail = block;
        }
    }

    public void AdvanceWriter(int bytes)
    {
        lock (_gate)
        {
            if (bytes < 0 || bytes > (_tail?.Free ?? 0))
            {
                throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "More than the memory that was given out.");
            }

            if (bytes > 0)
            {
                _tail!.Fill(bytes);
                _written += bytes;
            }
        }
    }

    /// <summary>Hands over what was written; a result, or the beginning of a wait for the reader.</summary>
    public bool FlushOrWait(out FlushResult result, out short version)
    {
        bool wake;
        bool done;
        lock (_gate)
        {
            ThrowIfWriterCompleted();
            if (_flushWaits)
            {
                throw new InvalidOperationException("A flush is under way already.");
            }

            wake = HandOver();
            version = 0;
            done = TryFinishFlush(out result);
            if (!done)
            {
                Flushing.Reset();
                version = Flushing.Version;
                _flushWaits = true;
            }
        }

        Wake(wake, writer: false);
        return done;
    }

    /// <summary>The end of a wait.</summary>
    public FlushResult EndFlush(short version)
    {
        lock (_gate)
        {
            Flushing.Check(version);
            if (_flushCancelled.IsCancellationRequested)
            {
                var cancelled = _flushCancelled;
                _flushCancelled = default;
                throw new OperationCanceledException(cancelled);
            }

            if (_writerFault is { } fault)
            {
                throw fault;
            }

            var result = new FlushResult(_cancelFlush, _stopped);
            _cancelFlush = false;
            return result;
        }
    }

    public void CancelFlush()
    {
        lock (_gate)
        {
            _cancelFlush = true;
            if (!TakeFlushWait())
            {
                return;
            }
        }

        Flushing.Complete(writerScheduler);
    }

    public void CancelFlush(CancellationToken token)
    {
        lock (_gate)
        {
            if (!TakeFlushWait())
            {
                return;
            }

            _flushCancelled = token;
        }

        Flushing.Complete(writerScheduler);
    }

    /// <summary>The writer writes no more: what it has written is handed over, whatever its length, and then comes the end.</summary>
    public void CompleteWriter()
    {
        bool wakeReader;
        bool wakeWriter;
        lock (_gate)
        {
            if (_writerCompleted)
            {
                return;
            }

            wakeReader = HandOver();
            _writerCompleted = true;
            wakeReader |= EndCore();
            wakeWriter = TakeFlushWait();
            ReleaseIdle();
        }

        Wake(wakeReader, wakeWriter);
    }

    /// <summary>The end comes after what was flushed; the writer's own memory stays its own. From any thread.</summary>
    public void EndWriter()
    {
        bool wake;
        lock (_gate)
        {
            wake = EndCore();
        }

        Wake(wake, writer: false);
    }

    /// <summary>Flushes fail from now on.</summary>
    public void FailWriter(TransportException fault)
    {
        bool wake;
        lock (_gate)
        {
            if (_writerFault is not null)
            {
                return;
            }

            _writerFault = fault;
            wake = TakeFlushWait();
        }

        Wake(reader: false, wake);
    }

    private bool HandOver()
    {
        _writing = false;
        var bytes = _written - _flushed;
        if (bytes == 0 || _ended)
        {
            ReleaseIdle();
            return false;
        }

        (_flushedTail, _flushedIndex) = (_tail, _tail!.End);
        _flushed = _written;
        if (_stopped || _readerFault is not null)
        {
            // Nobody will read it; what a reader still holds goes when it advances.
            if (!_lent)
            {
                Discard();
            }

            return false;
        }

        MemoryMetrics.Sent.Add(bytes);
        return TakeReadWait();
    }

    private bool TryFinishFlush(out FlushResult result)
    {
        if (_writerFault is { } fault)
        {
            throw fault;
        }

        if (!_cancelFlush && !_stopped && Ahead > options.Capacity)
        {
            result = default;
            return false;
        }

        result = new FlushResult(_cancelFlush, _stopped);
        _cancelFlush = false;
        return true;
    }

    private bool EndCore()
    {
        _ended = true;
        return TakeReadWait();
    }

    private bool TakeFlushWait()
    {
        var waits = _flushWaits;
        _flushWaits = false;
        return waits;
    }

    private void ThrowIfWriterCompleted()
    {
        if (_writerCompleted)
        {
            throw new InvalidOperationException("The output was completed: there is no more writing.");
        }
    }
}
