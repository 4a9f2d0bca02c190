using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Libp2p.Transports.Tcp;

/// <summary>
/// The output of a TCP connection: what is written gathers in pooled blocks, beside memory that is borrowed, until a flush hands all of it to one send. One
/// writer at a time. A quiet connection holds no block.
/// </summary>
/// <remarks>
/// A flush that is cancelled while it sends may have cut the stream anywhere: it takes the connection with it.
/// <see cref="CancelPendingFlush"/> does not cut anything: the flush under way, or the next, says that it was cancelled when it is done.
/// </remarks>
internal sealed class TcpWriter(TcpConnection connection, IStreamSocket socket, int blockSize) : PipeWriter, IGatherWriter
{
    private const int FirstBlock = 4 * 1024;

    /// <summary>Borrowed memory up to this length is cheaper copied than named to the kernel.</summary>
    private const int CopyUpTo = 1024;

    private readonly List<ReadOnlyMemory<byte>> _pieces = new(4);
    private readonly List<byte[]> _blocks = new(4); // what the pieces are in, and _block
    private byte[]? _block;
    private int _start; // of what is in the block and not yet a piece
    private int _end;
    private long _unflushed;
    private long _sent;
    private bool _completed;
    private volatile bool _cancelFlush;

    /// <summary>Bytes sent so far. From any thread.</summary>
    public long Sent => Volatile.Read(ref _sent);

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    public override Memory<byte> GetMemory(int sizeHint = 0) => Room(sizeHint).AsMemory(_end);

    public override Span<byte> GetSpan(int sizeHint = 0) => Room(sizeHint).AsSpan(_end);

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (_block?.Length ?? 0) - _end);
        _end += bytes;
        _unflushed += bytes;
    }

    public void Append(ReadOnlyMemory<byte> borrowed)
    {
        ThrowIfCompleted();
        if (borrowed.Length <= CopyUpTo)
        {
            this.Write(borrowed.Span);
            return;
        }

        Seal();
        _pieces.Add(borrowed);
        _unflushed += borrowed.Length;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        if (connection.Failure is { } failure)
        {
            Release();
            return ValueTask.FromException<FlushResult>(failure);
        }

        if (_unflushed == 0)
        {
            return ValueTask.FromResult(Flushed());
        }

        Seal();
        var sending = _pieces.Count == 1 ? socket.SendAsync(_pieces[0], cancellationToken) : socket.SendAsync(_pieces, cancellationToken);
        if (!sending.IsCompletedSuccessfully)
        {
            return FinishAsync(sending, cancellationToken);
        }

        sending.GetAwaiter().GetResult();
        CountSent();
        return ValueTask.FromResult(Flushed());
    }

    public override void CancelPendingFlush() => _cancelFlush = true;

    public override void Complete(Exception? exception = null)
    {
        if (_completed)
        {
            return;
        }

        if (exception is not null)
        {
            // An end would read like all of it.
            _completed = true;
            Release();
            connection.Abort(exception);
        }
        else if (_unflushed == 0)
        {
            End();
        }
        else
        {
            // What was written goes out first; errors end the connection, and show there.
            _ = CompleteAsync(null).AsTask();
        }
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (exception is null && !_completed && _unflushed > 0)
        {
            try
            {
                await FlushAsync().ConfigureAwait(false);
            }
            catch (TransportException)
            {
                _completed = true;
                return;
            }
        }

        Complete(exception);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> FinishAsync(ValueTask sending, CancellationToken cancellationToken)
    {
        try
        {
            await sending.ConfigureAwait(false);
            CountSent();
            return Flushed();
        }
        catch (SocketException e)
        {
            Release();
            throw connection.Fail(e);
        }
        catch (OperationCanceledException e)
        {
            Release();
            connection.Abort(new OperationCanceledException("A flush was cancelled while it sent.", e, cancellationToken));
            throw;
        }
    }

    private void End()
    {
        _completed = true;
        socket.ShutdownSend();
        connection.SideEnded();
    }

    private FlushResult Flushed()
    {
        var cancelled = _cancelFlush;
        if (cancelled)
        {
            _cancelFlush = false;
        }

        return new FlushResult(cancelled, isCompleted: false);
    }

    private void CountSent()
    {
        TcpMetrics.Sent.Add(_unflushed);
        Volatile.Write(ref _sent, _sent + _unflushed);
        Release();
    }

    private byte[] Room(int sizeHint)
    {
        ThrowIfCompleted();
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        var needed = Math.Max(sizeHint, 1);
        if (_block is { } block && block.Length - _end >= needed)
        {
            return block;
        }

        Seal();
        _block = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _blocks.Count == 0 ? Math.Min(FirstBlock, blockSize) : blockSize));
        _blocks.Add(_block);
        _start = _end = 0;
        return _block;
    }

    private void Seal()
    {
        if (_end > _start)
        {
            _pieces.Add(_block.AsMemory(_start, _end - _start));
            _start = _end;
        }
    }

    private void Release()
    {
        foreach (var block in _blocks)
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        _blocks.Clear();
        _pieces.Clear();
        _block = null;
        _start = _end = 0;
        _unflushed = 0;
    }

    private void ThrowIfCompleted()
    {
        if (_completed)
        {
            throw new InvalidOperationException("The output was completed: there is no more writing.");
        }
    }
}
