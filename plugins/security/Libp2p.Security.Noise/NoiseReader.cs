using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Libp2p.Crypto;

namespace Libp2p.Security.Noise;

/// <summary>
/// Reads the wire when it is read: whole records that have arrived are decrypted where they lie, some at a time, and shown as one sequence. No task, no queue: the
/// wire's memory is held until it is consumed; only what a reader leaves while it asks for more is copied, once. One caller at a time.
/// </summary>
internal sealed partial class NoiseReader : PipeReader
{
    private const int TagSize = AeadCipher.TagSize;
    private const int UsualPieces = 16;

    /// <summary>Bytes opened before the reader sees them: one full record. More leaves the nearest cache before it is copied on, and costs the receiver 3 to 5 % of its processor time.</summary>
    private const int Batch = 48 * 1024;

    private readonly PipeReader _wire;
    private readonly NoiseCipher _cipher;
    private readonly NoiseConnection _connection;
    private readonly int _maxUnconsumed;
    private readonly PlaintextQueue _queue;

    // The pieces of a record that is scattered over several blocks of the wire.
    private Memory<byte>[] _pieces = [];
    private long _examined;
    private bool _holdsWire;
    private bool _wireEnded;
    private SequencePosition _wireExamined;

    // What the wire gave and was not opened yet.
    private ReadOnlySequence<byte> _sealed;
    private bool _ended;
    private bool _completed;
    private Exception? _failure;
    private int _cancel;

    public NoiseReader(PipeReader wire, NoiseCipher cipher, NoiseConnection connection, int maxUnconsumed, IResourceScope? scope)
    {
        _wire = wire;
        _cipher = cipher;
        _connection = connection;
        _maxUnconsumed = maxUnconsumed;
        _queue = new PlaintextQueue(scope);
        _resume = Resume;
    }

    public override bool TryRead(out ReadResult result)
    {
        while (!TryServe(out result))
        {
            if (TryOpenMore())
            {
                continue;
            }

            ReturnWire();
            if (!_wire.TryRead(out var received))
            {
                return false;
            }

            Receive(received);
        }

        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var to = PlaintextQueue.Position(consumed, 0);
        var seen = PlaintextQueue.Position(examined, to);
        ArgumentOutOfRangeException.ThrowIfLessThan(seen, to, nameof(examined));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seen, _queue.End, nameof(examined));
        if (!_queue.IsEmpty)
        {
            _queue.Consume(to);
        }

        if (_queue.IsEmpty)
        {
            _examined = 0;

            // At once, so that the wire can receive into it.
            if (_failure is null && !HasWhole())
            {
                ReturnWire();
            }
        }
        else
        {
            _examined = Math.Max(_examined, seen);
        }
    }

    public override void CancelPendingRead()
    {
        Volatile.Write(ref _cancel, 1);
        _wire.CancelPendingRead();
    }

    public override void Complete(Exception? exception = null)
    {
        if (_completed)
        {
            return;
        }

        _completed = true;
        _sealed = default;
        _queue.Clear();
        _wire.Complete(exception);
    }

    /// <summary>Shows what is there and was not examined, or an end or a failure; false where the wire must be read first.</summary>
    private bool TryServe(out ReadResult result)
    {
        if (_completed)
        {
            throw new InvalidOperationException("Reading is not allowed after the reader was completed.");
        }

        _connection.ThrowIfAborted();
        var canceled = _cancel != 0 && Interlocked.Exchange(ref _cancel, 0) != 0;
        if (canceled || _queue.End > _examined || _ended)
        {
            result = new ReadResult(_queue.Sequence, canceled, _ended);
            return true;
        }

        if (_failure is not null)
        {
            _connection.Fail(_failure);
            throw _failure;
        }

        result = default;
        return false;
    }

    private void Receive(ReadResult received)
    {
        _holdsWire = true;
        _wireEnded = received.IsCompleted;
        _wireExamined = received.Buffer.End;
        _sealed = received.Buffer;
        TryOpenMore();
    }

    /// <summary>
    /// Opens the next records of what the wire gave, as much as stays near the processor until the reader has looked at it; false where no whole one is left. With the
    /// last one an end of the wire shows.
    /// </summary>
    private bool TryOpenMore()
    {
        var opened = false;
        if (!_holdsWire)
        {
            return opened;
        }

        try
        {
            for (var start = _queue.End; _queue.End - start < Batch && NoiseSession.TryReadFrame(_sealed, out var record);)
            {
                opened = true;
                Open(record);
                _sealed = _sealed.Slice(record.End);
            }

            if (_wireEnded && !HasWhole())
            {
                _failure = _sealed.IsEmpty ? null : new SecureChannelException("The remote closed the connection within a Noise record.");
                _ended = _sealed.IsEmpty;
            }
        }
        catch (SecureChannelException e)
        {
            // What came before it is genuine, and is shown first.
            _failure = e;
        }
        catch (ObjectDisposedException)
        {
            _connection.ThrowIfAborted();
            throw;
        }

        return opened;
    }

    private bool HasWhole() => NoiseSession.TryReadFrame(_sealed, out _);

    private void Open(in ReadOnlySequence<byte> record)
    {
        if (record.Length < TagSize)
        {
            throw new SecureChannelException($"A Noise record of {record.Length} bytes; it has at least the {TagSize} of its tag.");
        }

        if (!TryOpen(record))
        {
            throw new SecureChannelException("A Noise record could not be authenticated: it was altered, reordered or replayed on the way.");
        }
    }

    private bool TryOpen(in ReadOnlySequence<byte> record)
    {
        if (record.IsSingleSegment)
        {
            // The contract of IByteConnection makes what was read writable until it is given back.
            var whole = MemoryMarshal.AsMemory(record.First);
            var body = whole[..^TagSize];
            if (!_cipher.TryOpenInPlace(new ReadOnlySpan<Memory<byte>>(in body), whole.Span[^TagSize..]))
            {
                return false;
            }

            if (!body.IsEmpty)
            {
                _queue.Append(body);
            }

            return true;
        }

        Span<byte> tag = stackalloc byte[TagSize];
        record.Slice(record.Length - TagSize).CopyTo(tag);
        var count = 0;
        foreach (var piece in record.Slice(0, record.Length - TagSize))
        {
            if (count == _pieces.Length)
            {
                Array.Resize(ref _pieces, Math.Max(UsualPieces, 2 * count));
            }

            _pieces[count++] = MemoryMarshal.AsMemory(piece);
        }

        var pieces = _pieces.AsSpan(0, count);
        var ok = _cipher.TryOpenInPlace(pieces, tag);
        if (ok)
        {
            foreach (var piece in pieces)
            {
                if (!piece.IsEmpty)
                {
                    _queue.Append(piece);
                }
            }
        }

        pieces.Clear();
        return ok;
    }

    private void ReturnWire()
    {
        if (!_holdsWire)
        {
            return;
        }

        if (_queue.Length > _maxUnconsumed)
        {
            _failure = new SecureChannelException(
                $"The reader asks for more with {_queue.Length} bytes unconsumed, over the limit of {_maxUnconsumed}. Raise {nameof(NoiseOptions)}.{nameof(NoiseOptions.MaxUnconsumedBytes)} to allow more.");
            _connection.Fail(_failure);
            throw _failure;
        }

        try
        {
            _queue.Detach();
        }
        catch (ResourceLimitException e)
        {
            _connection.Fail(e);
            throw;
        }

        _holdsWire = false;
        var consumed = _sealed.Start;
        _sealed = default;
        _wire.AdvanceTo(consumed, _wireExamined);
    }
}
