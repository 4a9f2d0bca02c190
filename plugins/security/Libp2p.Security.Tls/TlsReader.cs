using System.IO.Pipelines;
using System.Net.Security;

namespace Libp2p.Security.Tls;

/// <summary>
/// Reads the wire when it is read: waits for a record without a buffer, then decrypts what has arrived into pooled blocks and shows them as one sequence. No task; a wait that its reader gave up
/// goes on and serves the next read. One caller at a time.
/// </summary>
internal sealed partial class TlsReader : PipeReader
{
    /// <summary>Bytes decrypted before the reader sees them: more leaves the nearest cache before it is copied on.</summary>
    private const int Batch = 48 * 1024;

    private readonly TlsWire _stream;
    private readonly SslStream _tls;
    private readonly TlsConnection _connection;
    private readonly int _maxUnconsumed;
    private readonly DecryptedQueue _queue;

    private long _examined;
    private bool _ended;
    private bool _completed;
    private Exception? _failure;

    public TlsReader(TlsWire stream, SslStream tls, TlsConnection connection, int maxUnconsumed, IResourceScope? scope)
    {
        _stream = stream;
        _tls = tls;
        _connection = connection;
        _maxUnconsumed = maxUnconsumed;
        _queue = new DecryptedQueue(scope);
        _onArrived = OnArrived;
    }

    public override bool TryRead(out ReadResult result)
    {
        while (!TryServe(out result))
        {
            if (!TryArrive())
            {
                return false;
            }

            Decrypt();
        }

        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var to = DecryptedQueue.Position(consumed, 0);
        var seen = DecryptedQueue.Position(examined, to);
        ArgumentOutOfRangeException.ThrowIfLessThan(seen, to, nameof(examined));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seen, _queue.End, nameof(examined));
        if (!_queue.IsEmpty)
        {
            _queue.Consume(to);
        }

        _examined = _queue.IsEmpty ? 0 : Math.Max(_examined, seen);
    }

    public override void Complete(Exception? exception = null)
    {
        if (_completed)
        {
            return;
        }

        _completed = true;
        _queue.Clear();
        lock (_gate)
        {
            _completing = _arriving;
        }

        if (!_completing)
        {
            _connection.CompleteInput(exception);
        }
    }

    /// <summary>Shows what is there and was not examined, or an end or a failure; false where the wire must be read first.</summary>
    private bool TryServe(out ReadResult result)
    {
        if (_completed)
        {
            throw new InvalidOperationException("Reading is not allowed after the reader was completed.");
        }

        _connection.ThrowIfAborted();
        var canceled = false;
        if (Volatile.Read(ref _cancel))
        {
            lock (_gate)
            {
                canceled = _cancel;
                _cancel = false;
            }
        }

        if (canceled || _queue.End > _examined || _ended)
        {
            result = new ReadResult(_queue.Sequence, canceled, _ended);
            return true;
        }

        if (_failure is not null)
        {
            throw _connection.Fail(_failure);
        }

        result = default;
        return false;
    }

    /// <summary>Takes what <see cref="SslStream"/> has ready after a wait, without another one.</summary>
    private void Decrypt()
    {
        if (_arrivalFailure is { } broken)
        {
            _arrivalFailure = null;
            _failure = TlsErrors.Broken(broken, _stream.HasEnded);
            return;
        }

        if (_queue.Length > _maxUnconsumed)
        {
            _failure = new SecureChannelException(
                $"The reader asks for more with {_queue.Length} bytes unconsumed, over the limit of {_maxUnconsumed}. Raise {nameof(TlsOptions)}.{nameof(TlsOptions.MaxUnconsumedBytes)} to allow more.");
            return;
        }

        try
        {
            // Each of the further records is waited for as well, which ends at once: it may carry no data.
            var start = _queue.End;
            while (DecryptOne() && _queue.End - start < Batch && _stream.HasRecord && TryArrive() && _arrivalFailure is null)
            {
            }
        }
        catch (ResourceLimitException e)
        {
            _failure = e;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or Libp2pException)
        {
            _failure = TlsErrors.Broken(e, _stream.HasEnded);
        }
    }

    /// <summary>Takes as much of a record that has arrived as one block has room for; false where there will be no more.</summary>
    private bool DecryptOne()
    {
        var room = _queue.Room();
        _stream.Turn.Enter();
        try
        {
            var reading = _tls.ReadAsync(room);
            if (!reading.IsCompleted)
            {
                // Neither data nor the end after a wait for them: no record of TLS 1.3 does that. The memory lent is left to it.
                throw new SecureChannelException("TLS asks for more than a record where one has arrived.");
            }

            var bytes = reading.GetAwaiter().GetResult();
            Count(bytes);
            return bytes > 0;
        }
        finally
        {
            _stream.Turn.Leave();
        }
    }

    private void Count(int bytes)
    {
        if (bytes > 0)
        {
            _queue.Fill(bytes);
        }
        else if (_stream.HasEnded)
        {
            _failure = new SecureChannelException("The connection was cut: it ended without the remote's closing message (close_notify).");
        }
        else
        {
            _ended = true;
        }
    }
}
