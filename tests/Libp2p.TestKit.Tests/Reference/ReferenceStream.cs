using System.Buffers;
using System.IO.Pipelines;

namespace Libp2p.TestKit.Tests.Reference;

/// <summary>A stream of the reference muxer: what arrived waits in one channel; a pump takes what was written from another as the credit allows.</summary>
internal sealed class ReferenceStream : IMuxedStream
{
    private const int FrameLength = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly ReferenceConnection _connection;
    private readonly MemoryChannel _incoming = new(int.MaxValue, MemorySegmentation.Whole);
    private readonly MemoryChannel _outgoing = new(FrameLength, MemorySegmentation.Whole);
    private readonly CancellationTokenSource _aborted = new();
    private readonly TaskCompletionSource _writesClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _creditCame = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _credit = ReferenceConnection.Window;
    private long _received;
    private long _returned;
    private bool _announced;
    private bool _readEnded;
    private bool _writeEnded;

    public ReferenceStream(ReferenceConnection connection, ulong id, bool announced)
    {
        _connection = connection;
        _announced = announced;
        Id = id;
        Output = new StreamWriter(this, _outgoing.Writer);
        _incoming.Progressed = WhenConsumed;
        _ = PumpAsync();
    }

    public ulong Id { get; }

    public PipeReader Input => _incoming.Reader;

    public PipeWriter Output { get; }

    public CancellationToken Aborted => _aborted.Token;

    public Task WritesClosed => _writesClosed.Task;

    private MuxerFault Fault => _connection.Fault;

    public object? GetFeature(Type type) => null;

    public void Abort(StreamSide side, StreamErrorCode code)
    {
        lock (_gate)
        {
            if (_readEnded && _writeEnded) return;
        }

        Announce();
        var sent = Fault == MuxerFault.CodeLost ? 0 : code.Value;
        if (side.HasFlag(StreamSide.Write)) _connection.Send(Fault == MuxerFault.ResetLooksLikeTheEnd ? FrameType.End : FrameType.Reset, Id, sent);
        if (side.HasFlag(StreamSide.Read)) _connection.Send(FrameType.Stop, Id, sent);
        Reset(side, code, byRemote: Fault == MuxerFault.WrongSideBlamed);
    }

    public ValueTask DisposeAsync()
    {
        Output.Complete();
        Input.Complete();
        return ValueTask.CompletedTask;
    }

    public void Handle(FrameType type, uint number, ReadOnlySequence<byte> data)
    {
        switch (type)
        {
            case FrameType.Data:
                Receive(data);
                break;
            case FrameType.End:
                _incoming.Writer.Complete();
                if (Fault == MuxerFault.HalfCloseClosesBothWays) Output.Complete();
                Ended(read: true, write: false);
                break;
            case FrameType.Reset:
                Reset(StreamSide.Read, new StreamErrorCode(number), byRemote: true);
                break;
            case FrameType.Stop:
                Reset(StreamSide.Write, new StreamErrorCode(number), byRemote: true);
                break;
            case FrameType.Credit:
                lock (_gate)
                {
                    _credit += number;
                    _creditCame.TrySetResult();
                }

                break;
        }
    }

    public void Lose(ConnectionEnd end)
    {
        StreamSide side;
        lock (_gate) side = (_readEnded ? 0 : StreamSide.Read) | (_writeEnded ? 0 : StreamSide.Write);
        if (side != 0) Reset(side, new StreamErrorCode(end.Code.Value), end.ByRemote);
        _connection.Forget(this);
    }

    private void Receive(ReadOnlySequence<byte> data)
    {
        var discards = _incoming.IsReaderDone;
        lock (_gate)
        {
            _received += data.Length;
            if (_incoming.Buffered + data.Length > ReferenceConnection.Window && Fault is not MuxerFault.UnboundedWindow and not MuxerFault.CreditOnArrival)
            {
                throw new MuxerException("More than the window.", ConnectionErrorCode.ProtocolError);
            }

            if (!discards) _incoming.Inject(data.ToArray());
        }

        if (discards || Fault == MuxerFault.CreditOnArrival) WhenConsumed();
    }

    private void WhenConsumed()
    {
        if (Fault == MuxerFault.NoCredit || (Fault == MuxerFault.NoCreditForDiscarded && _incoming.IsReaderDone)) return;
        long credit;
        lock (_gate)
        {
            var unread = Fault == MuxerFault.CreditOnArrival || _incoming.IsReaderDone ? 0 : _incoming.Buffered;
            credit = _received - unread - _returned;
            if (credit == 0 || _readEnded) return;
            _returned += credit;
        }

        _connection.Send(FrameType.Credit, Id, (uint)credit);
    }

    private void Announce()
    {
        lock (_gate)
        {
            if (_announced) return;
            _announced = true;
        }

        _connection.Send(FrameType.Data, Id, 0);
    }

    private void Reset(StreamSide side, StreamErrorCode code, bool byRemote)
    {
        Func<Exception> why = () => new StreamResetException(code, byRemote);
        if (side.HasFlag(StreamSide.Read)) _incoming.FailReader(why);
        if (side.HasFlag(StreamSide.Write))
        {
            _outgoing.FailWriter(why);
            _outgoing.FailReader(why);
            _writesClosed.TrySetResult();
            lock (_gate) _creditCame.TrySetResult();
        }

        _aborted.Cancel();
        Ended(side.HasFlag(StreamSide.Read), side.HasFlag(StreamSide.Write));
    }

    private void Ended(bool read, bool write)
    {
        bool gone;
        lock (_gate)
        {
            _readEnded |= read;
            _writeEnded |= write;
            gone = _readEnded && _writeEnded;
        }

        if (gone) _connection.Forget(this);
    }

    private async Task PumpAsync()
    {
        try
        {
            while (true)
            {
                var read = await _outgoing.Reader.ReadAsync();
                var rest = read.Buffer;
                while (!rest.IsEmpty)
                {
                    var piece = rest.Slice(0, await TakeCreditAsync(Math.Min(rest.Length, FrameLength)));
                    lock (_gate) _announced = true;
                    await _connection.SendDataAsync(Id, piece);
                    rest = rest.Slice(piece.End);
                    if (_outgoing.IsWriterFailed) throw new StreamResetException(default, byRemote: false);
                }

                _outgoing.Reader.AdvanceTo(read.Buffer.End);
                if (!read.IsCompleted) continue;
                if (Fault != MuxerFault.LostHalfClose) _connection.Send(FrameType.End, Id, 0);
                _writesClosed.TrySetResult();
                Ended(read: false, write: true);
                return;
            }
        }
        catch (StreamResetException)
        {
        }
    }

    private async Task<long> TakeCreditAsync(long most)
    {
        while (true)
        {
            Task came;
            lock (_gate)
            {
                if (_outgoing.IsWriterFailed) throw new StreamResetException(default, byRemote: false);
                if (_credit > 0 || Fault == MuxerFault.UnboundedWindow)
                {
                    var take = Fault == MuxerFault.UnboundedWindow ? most : Math.Min(_credit, most);
                    _credit -= take;
                    return take;
                }

                if (_creditCame.Task.IsCompleted) _creditCame = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                came = _creditCame.Task;
            }

            await came;
        }
    }

    private sealed class StreamWriter(ReferenceStream stream, MemoryChannelWriter inner) : PipeWriter
    {
        private bool _completed;

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            if (stream.Fault != MuxerFault.UnannouncedFlush) stream.Announce();
            try
            {
                return await inner.FlushAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (stream.Fault == MuxerFault.CancelledFlushLosesBytes)
            {
                inner.Forget();
                throw;
            }
        }

        public override void Complete(Exception? exception = null)
        {
            if (_completed) return;
            _completed = true;
            if (exception is not null) stream.Abort(StreamSide.Write, StreamErrorCode.None);
            else if (stream.Fault == MuxerFault.UnflushedBytesLostOnClose) inner.Forget();
            stream.Announce();
            inner.Complete();
            if (stream.Fault == MuxerFault.WritesClosedTooEarly) stream._writesClosed.TrySetResult();
        }
    }
}
