namespace Libp2p.Protocols.Perf;

/// <summary>
/// Bytes that are sent or received for their number alone, under watch: where nothing moves for as long as the stall timeout, the stream is reset. One transfer at a time.
/// </summary>
internal sealed class PerfTransfer : IAsyncDisposable
{
    public const int MaxBlock = 1024 * 1024;

    private static readonly byte[] _zeros = new byte[MaxBlock];

    private readonly IStream _stream;
    private readonly ITimer _watch;
    private long _moved;
    private long _seen = -1;

    public PerfTransfer(IStream stream, TimeProvider time, TimeSpan stall)
    {
        _stream = stream;
        _watch = time.CreateTimer(static state => ((PerfTransfer)state!).Look(), this, stall, stall);
    }

    /// <summary>Whether the watch reset the stream.</summary>
    public bool Stalled { get; private set; }

    /// <summary>Bytes moved so far, both ways.</summary>
    public long Moved => Volatile.Read(ref _moved);

    /// <summary>Sends that many bytes, which are all zero, in writes of the block's size.</summary>
    public async ValueTask SendAsync(long bytes, int block, CancellationToken cancellationToken)
    {
        for (var left = bytes; left > 0;)
        {
            var size = (int)Math.Min(left, block);
            await _stream.Output.WriteAsync(_zeros.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
            left -= size;
            Count(size);
        }
    }

    /// <summary>Receives until the end of the stream; returns how many bytes came.</summary>
    public async ValueTask<long> ReceiveAsync(CancellationToken cancellationToken)
    {
        for (long total = 0; ;)
        {
            var read = await _stream.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            total += read.Buffer.Length;
            Count(read.Buffer.Length);
            _stream.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return total;
            }
        }
    }

    /// <summary>The length that a request begins with; null where the stream ends within it.</summary>
    public async ValueTask<ulong?> ReadRequestAsync(CancellationToken cancellationToken)
    {
        var read = await _stream.Input.ReadAtLeastAsync(PerfRequest.Size, cancellationToken).ConfigureAwait(false);
        if (!PerfRequest.TryRead(read.Buffer, out var download))
        {
            _stream.Input.AdvanceTo(read.Buffer.End);
            return null;
        }

        _stream.Input.AdvanceTo(read.Buffer.GetPosition(PerfRequest.Size));
        Count(PerfRequest.Size);
        return download;
    }

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    private void Count(long bytes) => Volatile.Write(ref _moved, _moved + bytes);

    // A stall is noticed within twice the timeout; the hot path pays one store for it.
    private void Look()
    {
        var moved = Moved;
        if (moved == _seen)
        {
            Stalled = true;
            _stream.Abort(StreamSide.Both, StreamErrorCode.ProtocolViolation);
        }

        _seen = moved;
    }
}
