using System.Buffers;
using System.IO.Pipelines;

namespace Libp2p.TestKit;

/// <summary>
/// One way of an in-memory connection: a bounded queue of blocks between one writer and one reader. Its waits hop through the thread pool, or the scheduler of the simulation, and its blocks are
/// allocated: it is an instrument that makes mistakes visible, not a fast pipe. All fields are guarded by <see cref="_gate"/>.
/// </summary>
internal sealed class MemoryChannel
{
    private const byte Consumed = 0xA5;

    private readonly Lock _gate = new();
    private readonly int _capacity;
    private readonly bool _isStream;
    private readonly MemorySegmentation _segmentation;
    private Block? _head;
    private Block? _tail;
    private long _consumed;
    private long _examined;
    private long _visible;
    private long _end;
    private bool _writerDone;
    private bool _readerDone;
    private bool _cancelRead;
    private bool _cancelFlush;
    private bool _stalled;
    private Func<Exception>? _readerFault;
    private Func<Exception>? _writerFault;
    private ScheduledCompletion<bool>? _readerWakes;
    private ScheduledCompletion<bool>? _writerWakes;

    /// <summary>Makes an empty channel.</summary>
    /// <param name="capacity">How many bytes may wait for the reader.</param>
    /// <param name="segmentation">How the reader gets them.</param>
    /// <param name="isStream">
    /// Whether this is one way of a muxed stream rather than of a wire: credit returns as bytes are consumed, and a writer is not told that nobody reads.
    /// </param>
    public MemoryChannel(int capacity, MemorySegmentation segmentation, bool isStream = false)
    {
        _capacity = capacity;
        _isStream = isStream;
        _segmentation = segmentation;
        Reader = new MemoryChannelReader(this);
        Writer = new MemoryChannelWriter(this);
    }

    public MemoryChannelReader Reader { get; }

    public MemoryChannelWriter Writer { get; }

    /// <summary>Raised, outside the lock, each time a side completes or the reader has read the end.</summary>
    public Action? Progressed { get; set; }

    /// <summary>What the reader sees when the writer completes with an exception.</summary>
    public Func<Exception, Exception> WriterFailed { get; set; } = cause => cause;

    /// <summary>Bytes written and not yet consumed.</summary>
    public long Buffered { get { lock (_gate) return _end - _consumed; } }

    /// <summary>Whether nothing more will pass: the reader is done, or it has consumed everything up to the end.</summary>
    public bool IsFinished { get { lock (_gate) return _readerDone || (_writerDone && _consumed == _end); } }

    public bool IsWriterDone { get { lock (_gate) return _writerDone; } }

    public bool IsReaderDone { get { lock (_gate) return _readerDone; } }

    /// <summary>Whether writing fails.</summary>
    public bool IsWriterFailed { get { lock (_gate) return _writerFault is not null; } }

    /// <summary>Whether the writer is done and all that it wrote fits the capacity, or will never be read.</summary>
    public bool IsFlushed { get { lock (_gate) return _writerDone && (_readerDone || _writerFault is not null || _end - _consumed <= _capacity); } }

    public void FailReader(Func<Exception> fault)
    {
        lock (_gate)
        {
            _readerFault ??= fault;
            WakeReader();
        }
    }

    public void FailWriter(Func<Exception> fault)
    {
        lock (_gate)
        {
            _writerFault ??= fault;
            WakeWriter();
        }
    }

    public void SetStalled(bool stalled)
    {
        lock (_gate)
        {
            _stalled = stalled;
            WakeReader();
        }
    }

    public bool TryRead(out ReadResult result)
    {
        lock (_gate) return TryReadCore(out result);
    }

    public async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ScheduledCompletion<bool> wake;
            cancellationToken.ThrowIfCancellationRequested();
            lock (_gate)
            {
                if (TryReadCore(out var result)) return result;
                wake = _readerWakes = NewWaiter();
            }

            using (cancellationToken.UnsafeRegister(static (state, token) => ((ScheduledCompletion<bool>)state!).TrySetCanceled(token), wake))
            {
                await wake.Task.ConfigureAwait(false);
            }
        }
    }

    public void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_gate)
        {
            if (_readerDone) throw new InvalidOperationException("Reading is not allowed after the reader was completed.");
            if (_readerFault is not null) return;
            var to = Absolute(consumed, _consumed);
            var seen = Absolute(examined, _examined);
            if (to < _consumed || to > _visible || seen < to || seen > _visible) throw new ArgumentOutOfRangeException(nameof(consumed), "Outside what was read.");
            Scribble(to);
            _consumed = to;
            _examined = seen;
            WakeWriter();
        }

        Progressed?.Invoke();
    }

    public void CancelPendingRead()
    {
        lock (_gate)
        {
            _cancelRead = true;
            WakeReader();
        }
    }

    public void CompleteReader()
    {
        lock (_gate)
        {
            _readerDone = true;
            WakeReader();
            WakeWriter();
        }

        Progressed?.Invoke();
    }

    /// <summary>Throws when the writer may not write.</summary>
    public void CheckWriter()
    {
        lock (_gate)
        {
            if (_writerFault is { } fault) throw fault();
            if (_writerDone) throw new InvalidOperationException("Writing is not allowed after the writer was completed.");
        }
    }

    public void CancelPendingFlush()
    {
        lock (_gate)
        {
            _cancelFlush = true;
            WakeWriter();
        }
    }

    /// <summary>Adds bytes to those on their way.</summary>
    public void Stage(Payload payload, byte[] bytes)
    {
        lock (_gate) payload.Add(bytes);
    }

    /// <summary>Drops those on their way.</summary>
    public void Drop(Payload payload)
    {
        lock (_gate) payload.Clear();
    }

    /// <summary>Sends the payload, as the capacity allows; takes from it what was sent, so that a cancelled flush can go on.</summary>
    public async ValueTask<FlushResult> SendAsync(Payload payload, CancellationToken cancellationToken)
    {
        while (true)
        {
            ScheduledCompletion<bool> wake;
            cancellationToken.ThrowIfCancellationRequested();
            lock (_gate)
            {
                if (_writerFault is { } fault) throw fault();
                if (_cancelFlush)
                {
                    _cancelFlush = false;
                    return new FlushResult(isCanceled: true, isCompleted: _readerDone && !_isStream);
                }

                if (_readerDone)
                {
                    payload.Clear();
                    return new FlushResult(isCanceled: false, isCompleted: !_isStream);
                }

                // On a wire, as in a Pipe, what the reader has seen and left does not count: a frame longer than the capacity must not wait for ever.
                // The credit of a stream returns as bytes are consumed.
                Enqueue(payload.Take((int)Math.Clamp(_capacity - (_end - (_isStream ? _consumed : _examined)), 0, int.MaxValue)));
                if (payload.IsEmpty) return new FlushResult(isCanceled: false, isCompleted: false);
                wake = _writerWakes = NewWaiter();
            }

            using (cancellationToken.UnsafeRegister(static (state, token) => ((ScheduledCompletion<bool>)state!).TrySetCanceled(token), wake))
            {
                await wake.Task.ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends the writing, after the payload, which may exceed the capacity: completing does not wait.</summary>
    public void CompleteWriter(Payload payload, Exception? cause)
    {
        lock (_gate)
        {
            if (_writerDone) return;
            _writerDone = true;
            if (cause is null && _writerFault is null && !_readerDone) Enqueue(payload.Take(int.MaxValue));
            payload.Clear();
            if (cause is not null) _readerFault ??= () => WriterFailed(cause);
            WakeReader();
            WakeWriter();
        }

        Progressed?.Invoke();
    }

    /// <summary>Puts bytes on the wire that the writer never wrote, past its back-pressure.</summary>
    public void Inject(ReadOnlySpan<byte> bytes)
    {
        lock (_gate) Enqueue(bytes.ToArray());
    }

    private static ScheduledCompletion<bool> NewWaiter() => new(Simulation.CurrentScheduler);

    private bool TryReadCore(out ReadResult result)
    {
        if (_readerFault is { } fault) throw fault();
        if (_readerDone) throw new InvalidOperationException("Reading is not allowed after the reader was completed.");
        if (_cancelRead)
        {
            _cancelRead = false;
            result = new ReadResult(Visible(), isCanceled: true, isCompleted: _writerDone && _visible == _end);
            return true;
        }

        if (!_stalled && (_end > _examined || _writerDone))
        {
            // What was shown stays shown; each read shows one piece past what was examined.
            _visible = Math.Max(_visible, _examined + Math.Min(_segmentation.Next(), _end - _examined));
            result = new ReadResult(Visible(), isCanceled: false, isCompleted: _writerDone && _visible == _end);
            return true;
        }

        result = default;
        return false;
    }

    private ReadOnlySequence<byte> Visible()
    {
        if (_visible == _consumed) return ReadOnlySequence<byte>.Empty;
        while (_head!.RunningIndex + _head.Memory.Length <= _consumed) _head = (Block)_head.Next!;
        var last = _head;
        while (last.RunningIndex + last.Memory.Length < _visible) last = (Block)last.Next!;
        return new ReadOnlySequence<byte>(_head, (int)(_consumed - _head.RunningIndex), last, (int)(_visible - last.RunningIndex));
    }

    // An empty sequence has positions of no block: nothing moves then.
    private static long Absolute(SequencePosition position, long otherwise) =>
        position.GetObject() is Block block ? block.RunningIndex + position.GetInteger() : otherwise;

    // A reader that keeps memory past AdvanceTo shall notice.
    private void Scribble(long to)
    {
        for (var block = _head; block is not null && block.RunningIndex < to; block = (Block?)block.Next)
        {
            var from = (int)Math.Max(0, _consumed - block.RunningIndex);
            var until = (int)Math.Min(block.Memory.Length, to - block.RunningIndex);
            if (until > from) block.Bytes.AsSpan(from, until - from).Fill(Consumed);
        }
    }

    private void Enqueue(byte[] bytes)
    {
        if (bytes.Length == 0) return;
        var at = 0;
        while (at < bytes.Length)
        {
            var length = Math.Min(_segmentation.BlockSize, bytes.Length - at);
            var block = new Block(bytes.AsSpan(at, length).ToArray(), _end);
            _tail?.Link(block);
            _tail = block;
            _head ??= block;
            _end += length;
            at += length;
        }

        WakeReader();
    }

    private void WakeReader()
    {
        Simulation.Wake(_readerWakes);
        _readerWakes = null;
    }

    private void WakeWriter()
    {
        Simulation.Wake(_writerWakes);
        _writerWakes = null;
    }

    private sealed class Block : ReadOnlySequenceSegment<byte>
    {
        public Block(byte[] bytes, long runningIndex)
        {
            Bytes = bytes;
            Memory = bytes;
            RunningIndex = runningIndex;
        }

        public byte[] Bytes { get; }

        public void Link(Block next) => Next = next;
    }
}

/// <summary>Bytes on their way into a channel.</summary>
internal sealed class Payload
{
    private byte[] _bytes = [];
    private int _sent;

    public bool IsEmpty => _sent == _bytes.Length;

    public void Add(byte[] bytes)
    {
        _bytes = IsEmpty ? bytes : [.. _bytes.AsSpan(_sent), .. bytes];
        _sent = 0;
    }

    public byte[] Take(int most)
    {
        var length = Math.Clamp(most, 0, _bytes.Length - _sent);
        var taken = _bytes.AsSpan(_sent, length).ToArray();
        _sent += length;
        return taken;
    }

    public void Clear()
    {
        _bytes = [];
        _sent = 0;
    }
}
