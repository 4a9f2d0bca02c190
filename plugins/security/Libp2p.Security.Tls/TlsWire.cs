using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Libp2p.Security.Tls;

/// <summary>
/// The byte connection as the stream that <see cref="System.Net.Security.SslStream"/> stands on. It hands out whole records only, one at a time: a record that cannot be authenticated then takes none before
/// it along, and what has not arrived in full stays in the wire's memory. A read of nothing waits for a record. Until the handshake is done each write is flushed; from then on writes gather in the wire's
/// output, and whoever wrote flushes that: they complete at once. TLS 1.3 writes nothing because it was read. One reader and one writer at a time. Does not own the wire.
/// </summary>
/// <remarks>
/// A record (RFC 8446, sections 5.1 and 5.2); the version is not looked at, as demanded there:
/// <code>
///  0       1               3               5
/// +-------+---------------+---------------+-----------
/// | type  | 0x0303        | length        | ...          at most 16,640 bytes
/// +-------+---------------+---------------+-----------
/// </code>
/// </remarks>
/// <param name="wire">The bare connection.</param>
/// <param name="role">The part played in the handshake.</param>
/// <param name="maxHandshake">How many bytes may be received before the handshake is done.</param>
/// <param name="scheduler">Where whoever waits for a closing goes on.</param>
internal sealed class TlsWire(IByteConnection wire, ConnectionRole role, int maxHandshake, PipeScheduler scheduler) : Stream
{
    private const int HeaderSize = 5;
    private const int MaxLength = (16 * 1024) + 256;
    private const byte ChangeCipherSpec = 20;
    private const byte HandshakeRecord = 22;
    private const byte ApplicationData = 23;
    private const byte ClientHello = 1;

    // What the wire gave and was not handed out yet.
    private PipeReader? _input;
    private ReadOnlySequence<byte> _held;
    private bool _wireEnded;
    private long _left; // of the record that is being handed out
    private long _received;

    /// <summary>Entered while records are decrypted.</summary>
    public TlsTurn Turn { get; } = new(scheduler);

    /// <summary>Whether the end of the wire was handed out: without a closing message before it, somebody may have cut it.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether the handshake is done.</summary>
    public bool IsEstablished { get; set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether another whole record is here already.</summary>
    public bool HasRecord => _left > 0 || TryPeek(out _, out var size) && _held.Length >= size;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (TryTake(buffer.Span, out var count))
            {
                return new ValueTask<int>(count);
            }

            GiveBack();
            var input = wire.Input;
            if (!input.TryRead(out var received))
            {
                return WaitAsync(buffer, cancellationToken);
            }

            Receive(input, received);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        wire.Output.Write(buffer.Span);
        return IsEstablished ? ValueTask.CompletedTask : FlushWireAsync(cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => IsEstablished ? Task.CompletedTask : FlushWireAsync(cancellationToken).AsTask();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            var input = wire.Input;
            var reading = input.ReadAsync(cancellationToken);

            // Nothing is decrypted while the wire is waited for.
            var outside = IsEstablished && !reading.IsCompleted;
            if (outside)
            {
                Turn.Leave();
            }

            try
            {
                Receive(input, await reading.ConfigureAwait(false));
            }
            finally
            {
                if (outside)
                {
                    Turn.Enter();
                }
            }

            if (TryTake(buffer.Span, out var count))
            {
                return count;
            }

            GiveBack();
        }
    }

    private async ValueTask FlushWireAsync(CancellationToken cancellationToken)
    {
        var flushed = await wire.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (flushed.IsCompleted)
        {
            throw new SecureChannelException("The remote closed the connection during the TLS handshake.");
        }
    }

    private void Receive(PipeReader input, in ReadResult received)
    {
        _input = input;
        _held = received.Buffer;
        _wireEnded = received.IsCompleted;
    }

    private void GiveBack()
    {
        if (_input is { } input)
        {
            var (start, end) = (_held.Start, _held.End);
            _input = null;
            _held = default;
            input.AdvanceTo(start, end);
        }
    }

    /// <summary>Takes of a whole record as much as fits, or the end; false where the wire must be read first.</summary>
    private bool TryTake(Span<byte> destination, out int count)
    {
        count = 0;
        if (_left == 0 && !TryBegin())
        {
            if (!_wireEnded)
            {
                return false;
            }

            // What there is of a record that was cut goes first, so that something is missing.
            _left = _held.Length;
            if (_left == 0)
            {
                HasEnded = true;
                return true;
            }
        }

        count = (int)Math.Min(_left, destination.Length);
        if (count > 0)
        {
            _held.Slice(0, count).CopyTo(destination);
            _held = _held.Slice(count);
            _left -= count;
            if (!_wireEnded && !HasRecord)
            {
                // At once, so that the wire can receive into it.
                GiveBack();
            }
        }

        return true;
    }

    private bool TryBegin()
    {
        if (!TryPeek(out var type, out var size))
        {
            return false;
        }

        if (type is < ChangeCipherSpec or > ApplicationData || size > HeaderSize + MaxLength)
        {
            throw new SecureChannelException(type is < ChangeCipherSpec or > ApplicationData
                ? $"The remote does not speak TLS: a record of type {type}."
                : $"A TLS record of {size - HeaderSize} bytes; it has at most {MaxLength}.");
        }

        if (_held.Length < size)
        {
            return false;
        }

        if (!IsEstablished)
        {
            CheckHandshake(type, size);
        }

        _left = size;
        return true;
    }

    private bool TryPeek(out byte type, out int size)
    {
        (type, size) = (0, 0);
        if (_held.Length < HeaderSize)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[HeaderSize];
        _held.Slice(0, HeaderSize).CopyTo(header);
        type = header[0];
        size = HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(header[(HeaderSize - sizeof(ushort))..]);
        return true;
    }

    private void CheckHandshake(byte type, int size)
    {
        if (_received == 0 && role == ConnectionRole.Dialer && type == HandshakeRecord && size > HeaderSize && _held.Slice(HeaderSize).FirstSpan[0] == ClientHello)
        {
            throw new RoleConflictException("Both ends began the TLS handshake, as two do that dialed each other at once.");
        }

        _received += size;
        if (_received > maxHandshake)
        {
            throw new SecureChannelException($"The remote sent more than {maxHandshake} bytes within the TLS handshake ({nameof(TlsOptions)}.{nameof(TlsOptions.MaxHandshakeBytes)}).");
        }
    }
}
