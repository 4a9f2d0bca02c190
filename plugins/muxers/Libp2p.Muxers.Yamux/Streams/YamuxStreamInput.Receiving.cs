using Libp2p.Pipes;

namespace Libp2p.Muxers.Yamux.Streams;

/// <content>What the connection does to it: bytes arrive, the remote ends or resets.</content>
internal sealed partial class YamuxStreamInput
{
    /// <summary>Takes room in the window for a frame that is arriving. The receiver only.</summary>
    public CreditOutcome TryTakeCredit(uint length)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return CreditOutcome.Ended;
            }

            if (length > _credit)
            {
                return CreditOutcome.Exceeded;
            }

            _credit -= length;
            return CreditOutcome.Taken;
        }
    }

    /// <summary>Takes a piece of a frame for which <see cref="TryTakeCredit"/> found room, and wakes the reader. The receiver only.</summary>
    public void Receive(ReadOnlySpan<byte> data)
    {
        var wake = false;
        var due = false;
        while (!data.IsEmpty)
        {
            int unread;
            lock (_lock)
            {
                if (_stopped || _dead)
                {
                    _received += data.Length;
                    due = Discard();
                    break;
                }

                if (_tail is not null && (_tail.Free >= data.Length || _tail.Free >= BlockPool.Small))
                {
                    var count = _tail.Append(data);
                    data = data[count..];
                    _received += count;
                    wake |= TakeWaiter();
                    continue;
                }

                unread = (int)Math.Min(_received - _consumed, BlockPool.Large);
            }

            // A new block is filled before it is linked, so that the reader does not wait for the copy. Its size follows the backlog.
            var size = BlockPool.SizeFor(Math.Max(data.Length, unread));
            if (!TryHold(size))
            {
                _session.Reset(_stream, StreamErrorCode.ResourceLimitExceeded);
                continue; // to be discarded
            }

            var block = BlockPool.Shared.Rent(size);
            data = data[block.Append(data)..];
            lock (_lock)
            {
                if (_stopped || _dead)
                {
                    _received += block.End;
                    due = Discard();
                    _session.Memory.Give(block.Capacity);
                    BlockPool.Shared.Return(block);
                    continue;
                }

                block.Follow(_tail, _received);
                if (_head is null)
                {
                    _head = block;
                    _headIndex = 0;
                }

                _tail = block;
                _held += block.Capacity;
                _received += block.End;
                wake |= TakeWaiter();
            }
        }

        if (wake)
        {
            _waiter.Complete(_session.Scheduler);
        }

        if (due)
        {
            ReturnCredit();
        }
    }

    /// <summary>The remote sends no more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            if (!TakeWaiter())
            {
                return;
            }
        }

        _waiter.Complete(_session.Scheduler);
    }

    /// <summary>The reader wants no more, though the stream goes on: discards what there is and what comes, returns its credit.</summary>
    public void Stop(StreamResetException error)
    {
        bool due;
        bool wake;
        lock (_lock)
        {
            if (_error is not null || _completed)
            {
                return;
            }

            _error = error;
            _stopped = true;
            due = !_reading && Discard();
            wake = TakeWaiter();
        }

        if (wake)
        {
            _waiter.Complete(_session.Scheduler);
        }

        if (due)
        {
            ReturnCredit();
        }
    }

    /// <summary>The stream is gone.</summary>
    /// <param name="error">What reads throw.</param>
    /// <param name="keepBuffered">Whether what is buffered can still be read.</param>
    /// <param name="keepEnd">Whether an end that was received stays an end.</param>
    /// <returns>What the remote was still allowed to send.</returns>
    public long Fail(StreamResetException error, bool keepBuffered, bool keepEnd)
    {
        long underWay;
        bool wake;
        lock (_lock)
        {
            underWay = _ended || _dead ? 0 : _credit;
            _dead = true;
            if (keepEnd && _ended)
            {
                return underWay;
            }

            if (_error is null)
            {
                _error = error;
                _keepBuffered = keepBuffered;
            }

            if (!_keepBuffered)
            {
                // A reader may hold its blocks a moment longer; they must not make another stream pay.
                Unprice();
                Discard();
            }

            wake = TakeWaiter();
        }

        if (wake)
        {
            _waiter.Complete(_session.Scheduler);
        }

        return underWay;
    }
}
