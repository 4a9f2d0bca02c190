using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Libp2p.Transports.Tcp;

/// <summary>
/// The input of a TCP connection: one segment of pooled memory, received into when it is read, and the reader's alone until it advances. One reader at a time;
/// <see cref="CancelPendingRead"/> from any thread; <see cref="Complete"/> also while a read waits.
/// </summary>
/// <remarks>
/// A quiet connection holds half a KiB, or 4 KiB after a message that was longer, or nothing: once a receive fills 4 KiB, data is waited for without a buffer, and then taken into
/// a large one, which goes back to the pool as soon as everything in it is consumed. What is left over moves to the front when the room behind it gets short. Waiting always
/// without a buffer would cost small messages a system call each.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "A token source without timer or wait handle holds nothing to dispose of.")]
internal sealed class TcpReader(TcpConnection connection, IStreamSocket socket, int largeBuffer, IResourceScope? scope) : PipeReader
{
    private const int TinyBuffer = 512;
    private const int SmallBuffer = 4 * 1024;

    /// <summary>The most that the reader above may examine without consuming any.</summary>
    private const int MaxUnconsumed = 4 * 1024 * 1024;

    // Whether the buffer is in the hands of the socket.
    private const int Free = 0;
    private const int Receiving = 1;
    private const int Completed = 2;

    private readonly Lock _gate = new();
    private CancellationTokenSource _interrupt = new(); // replaced under _gate
    private volatile bool _cancelRead;
    private int _state;

    // Below: by the reader alone. Bytes are in [_start, _end), those up to _examined were seen and found too few.
    private byte[]? _buffer;
    private int _priced; // bytes of it that the scope holds: small ones are within the price of a connection
    private int _start;
    private int _examined;
    private int _end;
    private int _next = TinyBuffer; // the buffer that the next message gets, by the last one
    private bool _bulk;
    private bool _ended;
    private long _received;

    /// <summary>Bytes received so far. From any thread.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Bytes of memory held now.</summary>
    public int HeldBytes => _buffer?.Length ?? 0;

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        if (_cancelRead)
        {
            result = TakeCancel();
            return true;
        }

        var failure = connection.Failure;
        if (failure is not null && (connection.EndedHere || (_examined == _end && !_ended)))
        {
            throw failure;
        }

        if (_examined < _end || _ended)
        {
            result = Lend();
            return true;
        }

        result = default;
        return false;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        }

        try
        {
            return TryRead(out var result) ? ValueTask.FromResult(result) : ReceiveAsync(cancellationToken);
        }
        catch (TransportException e)
        {
            return ValueTask.FromException<ReadResult>(e);
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        ThrowIfCompleted();
        if (_buffer is null)
        {
            return;
        }

        var start = OffsetOf(consumed);
        _examined = Math.Max(start, OffsetOf(examined));
        _start = start;
        if (_start == _end)
        {
            Return();
        }
    }

    public override void CancelPendingRead()
    {
        _cancelRead = true;
        Interrupt();
    }

    public override void Complete(Exception? exception = null)
    {
        // A receive that is under way keeps its buffer, and gives it back when it ends.
        if (Interlocked.Exchange(ref _state, Completed) == Free)
        {
            Return();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Receiving, Free) != Free)
        {
            throw new InvalidOperationException("A read is under way already, or the input was completed.");
        }

        var registration = cancellationToken.UnsafeRegister(static self => ((TcpReader)self!).Interrupt(), this);
        try
        {
            while (!_cancelRead)
            {
                try
                {
                    var interrupt = _interrupt.Token;
                    if (_buffer is null && _bulk)
                    {
                        await socket.ReceiveAsync(Memory<byte>.Empty, interrupt).ConfigureAwait(false);
                    }

                    MakeRoom();
                    Take(await socket.ReceiveAsync(_buffer.AsMemory(_end), interrupt).ConfigureAwait(false));
                    return Lend();
                }
                catch (OperationCanceledException)
                {
                    // Perhaps left over from a read that had its data just as it was cancelled: then this one goes on.
                    Rearm();
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }

            return TakeCancel();
        }
        catch (SocketException e)
        {
            throw connection.Fail(e);
        }
        finally
        {
            registration.Dispose();
            Settle();
        }
    }

    private void Settle()
    {
        if (Interlocked.CompareExchange(ref _state, Free, Receiving) == Completed || _start == _end)
        {
            Return();
        }
    }

    private void Take(int received)
    {
        if (received == 0)
        {
            _ended = true;
            connection.SideEnded();
            return;
        }

        TcpMetrics.Received.Add(received);
        Volatile.Write(ref _received, _received + received);
        _end += received;
        _bulk = received >= SmallBuffer;
        _next = received < TinyBuffer ? TinyBuffer : SmallBuffer;
    }

    private ReadResult Lend(bool canceled = false)
    {
        var buffer = _start == _end ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_buffer!, _start, _end - _start);
        return new ReadResult(buffer, canceled, _ended);
    }

    private ReadResult TakeCancel()
    {
        _cancelRead = false;
        Rearm();
        return Lend(canceled: true);
    }

    private void MakeRoom()
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(_bulk && TryPrice(largeBuffer, ReservationPriority.Low, out _) ? largeBuffer : _next);
            return;
        }

        var kept = _end - _start;
        if (_buffer.Length < SmallBuffer && kept == _buffer.Length)
        {
            Grow(SmallBuffer);
        }
        else if (_buffer.Length < largeBuffer && kept == _buffer.Length)
        {
            GrowPriced(largeBuffer);
        }
        else if (_buffer.Length < largeBuffer && _bulk && TryPrice(largeBuffer, ReservationPriority.Low, out _))
        {
            Grow(largeBuffer);
        }
        else if (kept == _buffer.Length)
        {
            if (kept >= MaxUnconsumed)
            {
                throw connection.FailUnread(kept);
            }

            GrowPriced(kept * 2);
        }
        else if (_start > 0 && _buffer.Length - _end < _buffer.Length / 2)
        {
            MoveTo(_buffer);
        }
    }

    /// <summary>What the reader above waits to see whole needs more room.</summary>
    private void GrowPriced(int size)
    {
        if (!TryPrice(size, ReservationPriority.Medium, out var why))
        {
            throw connection.FailRefused(why);
        }

        Grow(size);
    }

    private bool TryPrice(int size, ReservationPriority priority, [NotNullWhen(false)] out ResourceDenial? why)
    {
        why = null;
        if (scope is null || size <= _priced)
        {
            return true;
        }

        if (!scope.TryReserve(size - _priced, priority, out why))
        {
            return false;
        }

        _priced = size;
        return true;
    }

    private void Grow(int size)
    {
        var old = _buffer!;
        var larger = ArrayPool<byte>.Shared.Rent(size);
        MoveTo(larger);
        _buffer = larger;
        ArrayPool<byte>.Shared.Return(old);
    }

    private void MoveTo(byte[] target)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        _examined -= _start;
        _end -= _start;
        _start = 0;
    }

    private void Return()
    {
        _start = _examined = _end = 0;
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (_priced > 0)
        {
            scope!.Release(_priced);
            _priced = 0;
        }
    }

    private int OffsetOf(SequencePosition position)
    {
        var offset = position.GetInteger();
        return ReferenceEquals(position.GetObject(), _buffer) && offset >= _start && offset <= _end
            ? offset
            : throw new ArgumentOutOfRangeException(nameof(position), "The position is not of the last read.");
    }

    private void Interrupt()
    {
        CancellationTokenSource interrupt;
        lock (_gate)
        {
            interrupt = _interrupt;
        }

        // Outside the lock: who waits may continue in here.
        interrupt.Cancel();
    }

    private void Rearm()
    {
        lock (_gate)
        {
            if (_interrupt.IsCancellationRequested)
            {
                _interrupt = new CancellationTokenSource();
            }
        }
    }

    private void ThrowIfCompleted()
    {
        if (Volatile.Read(ref _state) == Completed)
        {
            throw new InvalidOperationException("The input was completed: there is no more reading.");
        }
    }
}
