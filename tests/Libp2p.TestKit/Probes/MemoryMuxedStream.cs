using System.IO.Pipelines;

namespace Libp2p.TestKit.Probes;

/// <summary>One end of a stream in memory: two channels, each with credit that returns as the reader consumes, and resets that carry codes each way alone.</summary>
internal sealed class MemoryMuxedStream : IMuxedStream
{
    private readonly CancellationTokenSource _aborted = new();
    private readonly TaskCompletionSource _writesClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryMuxedConnection _connection;
    private readonly MemoryChannel _incoming;
    private readonly MemoryChannel _outgoing;
    private int _announced;

    public MemoryMuxedStream(MemoryMuxedConnection connection, ulong id, MemoryChannel incoming, MemoryChannel outgoing, bool announced)
    {
        _connection = connection;
        _incoming = incoming;
        _outgoing = outgoing;
        _announced = announced ? 1 : 0;
        Id = id;
        Output = new StreamWriter(this, outgoing.Writer);
        outgoing.Progressed += WhenProgressed;
        incoming.Progressed += WhenProgressed;
    }

    public ulong Id { get; }

    public MemoryMuxedStream? Peer { get; set; }

    public PipeReader Input => _incoming.Reader;

    public PipeWriter Output { get; }

    public CancellationToken Aborted => _aborted.Token;

    public Task WritesClosed => _writesClosed.Task;

    public object? GetFeature(Type type) => null;

    public void Abort(StreamSide side, StreamErrorCode code)
    {
        if (_incoming.IsFinished && _outgoing.IsFinished) return;
        Announce();
        Reset(side, code, localIsFault: true);
    }

    public ValueTask DisposeAsync()
    {
        Output.Complete();
        Input.Complete();
        return ValueTask.CompletedTask;
    }

    /// <summary>The connection was lost: whatever way has not ended is reset.</summary>
    public void Lose(ConnectionEnd end)
    {
        var code = new StreamErrorCode(end.Code.Value);
        var side = (_incoming.IsWriterDone ? 0 : StreamSide.Read) | (_outgoing.IsWriterDone ? 0 : StreamSide.Write);
        if (side != 0) Reset(side, code, localIsFault: !end.ByRemote);
        _writesClosed.TrySetResult();
    }

    /// <summary>Takes the stream's end that waits for acceptance away from a remote that has too many.</summary>
    public void Refuse() => Reset(StreamSide.Both, StreamErrorCode.ResourceLimitExceeded, localIsFault: true);

    private void Reset(StreamSide side, StreamErrorCode code, bool localIsFault)
    {
        Func<Exception> mine = () => new StreamResetException(code, byRemote: !localIsFault);
        Func<Exception> theirs = () => new StreamResetException(code, byRemote: localIsFault);
        if (side.HasFlag(StreamSide.Write))
        {
            _outgoing.FailWriter(mine);
            _outgoing.FailReader(theirs);
        }

        if (side.HasFlag(StreamSide.Read))
        {
            _incoming.FailReader(mine);
            _incoming.FailWriter(theirs);
        }

        Gone();
        Peer?.Gone();
    }

    private void Gone()
    {
        if (_outgoing.IsWriterFailed) _writesClosed.TrySetResult();
        _aborted.Cancel();
    }

    private void WhenProgressed()
    {
        if (_outgoing.IsFlushed) _writesClosed.TrySetResult();
        if (_incoming.IsFinished && _outgoing.IsFinished) _connection.Forget(this);
    }

    private void Announce()
    {
        if (Interlocked.Exchange(ref _announced, 1) == 0) _connection.Announce(this);
    }

    /// <summary>The first flush, whatever it carries, announces the stream; completing with an exception resets.</summary>
    private sealed class StreamWriter(MemoryMuxedStream stream, MemoryChannelWriter inner) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => true;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            stream.Announce();
            return inner.FlushAsync(cancellationToken);
        }

        public override void Complete(Exception? exception = null)
        {
            if (exception is not null) stream.Abort(StreamSide.Write, StreamErrorCode.None);
            else stream.Announce();
            inner.Complete();
        }
    }
}
