using System.IO.Pipelines;

namespace Libp2p.TestKit.Probes;

/// <summary>
/// The bytes of a stream as a byte connection. What the stream calls a reset is a broken connection here; what exceeds the limits breaks it. One reader and one writer at
/// a time, as for the stream.
/// </summary>
internal sealed class StreamByteConnection : IByteConnection
{
    private readonly CancellationTokenSource _closed = new();
    private readonly IMuxedStream _stream;
    private readonly ConnectionEndpoints _endpoints;
    private readonly ConnectionLimits? _limits;
    private readonly ITimer? _deadline;
    private Exception? _why;

    public StreamByteConnection(IMuxedStream stream, ConnectionEndpoints endpoints, TimeProvider time, ConnectionLimits? limits)
    {
        _stream = stream;
        _endpoints = endpoints;
        _limits = limits;
        Input = new Reader(this, stream.Input);
        Output = new Writer(this, stream.Output);
        stream.Aborted.UnsafeRegister(static state => ((StreamByteConnection)state!)._closed.Cancel(), this);
        if (limits?.Duration is not { } longest) return;
        _deadline = time.CreateTimer(_ => Abort(new TransportException($"It may last {longest}.", endpoints.Remote)), null, longest, Timeout.InfiniteTimeSpan);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public CancellationToken Closed => _closed.Token;

    public void Abort(Exception? why)
    {
        Interlocked.CompareExchange(ref _why, why, null);
        _deadline?.Dispose();
        _stream.Abort(StreamSide.Both, StreamErrorCode.None);
        _closed.Cancel();
    }

    public object? GetFeature(Type type) =>
        type == typeof(ConnectionEndpoints) ? _endpoints :
        type == typeof(ConnectionLimits) ? _limits :
        _stream.GetFeature(type);

    public async ValueTask DisposeAsync()
    {
        _deadline?.Dispose();
        await _stream.DisposeAsync().ConfigureAwait(false);
        _closed.Cancel();
    }

    private TransportException Broken(StreamResetException? reset) => new("The stream below broke.", _endpoints.Remote, _why ?? reset);

    private void ThrowIfGone()
    {
        if (_stream.Aborted.IsCancellationRequested) throw Broken(null);
    }

    // Says whether so many bytes one way are allowed; breaks the connection if not.
    private void Count(long bytes)
    {
        if (_limits?.Bytes is not { } most || bytes <= most) return;
        Abort(new TransportException($"It may carry {most} bytes each way.", _endpoints.Remote));
        throw Broken(null);
    }

    private sealed class Reader(StreamByteConnection connection, PipeReader inner) : PipeReader
    {
        private System.Buffers.ReadOnlySequence<byte> _last;
        private long _consumed;

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return Seen(await inner.ReadAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (StreamResetException reset)
            {
                throw connection.Broken(reset);
            }
        }

        public override bool TryRead(out ReadResult result)
        {
            try
            {
                if (!inner.TryRead(out result)) return false;
                Seen(result);
                return true;
            }
            catch (StreamResetException reset)
            {
                throw connection.Broken(reset);
            }
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            _consumed += _last.Slice(0, consumed).Length;
            _last = default;
            inner.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        private ReadResult Seen(ReadResult read)
        {
            _last = read.Buffer;
            connection.Count(_consumed + read.Buffer.Length);
            return read;
        }
    }

    private sealed class Writer(StreamByteConnection connection, PipeWriter inner) : PipeWriter
    {
        private long _written;

        public override Memory<byte> GetMemory(int sizeHint = 0)
        {
            connection.ThrowIfGone();
            return inner.GetMemory(sizeHint);
        }

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void Advance(int bytes)
        {
            _written += bytes;
            inner.Advance(bytes);
        }

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            connection.Count(_written);
            try
            {
                return await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (StreamResetException reset)
            {
                throw connection.Broken(reset);
            }
        }

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
