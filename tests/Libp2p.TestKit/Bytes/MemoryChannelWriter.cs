using System.IO.Pipelines;

namespace Libp2p.TestKit;

/// <summary>
/// The writing end of a <see cref="MemoryChannel"/>. Borrowed memory is copied only when it is flushed, so that a borrower who changes it too early is found out. One writes at a time, and any
/// thread completes: a connection may be disposed of under a write.
/// </summary>
internal sealed class MemoryChannelWriter(MemoryChannel channel) : PipeWriter, IGatherWriter
{
    private readonly Lock _gate = new();
    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private readonly Payload _payload = new();
    private byte[] _current = [];
    private int _start;
    private int _written;
    private bool _completed;

    /// <summary>Sees, and may replace, what is about to be sent. Called once a flush that sends something.</summary>
    public Func<byte[], byte[]>? Sending { get; set; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes
    {
        get
        {
            lock (_gate) return _parts.Sum(static part => (long)part.Length) + _written;
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        channel.CheckWriter();
        var need = Math.Max(sizeHint, 1);
        lock (_gate)
        {
            if (_current.Length - _start - _written < need)
            {
                CloseCurrent();
                _current = new byte[Math.Max(4096, need)];
                _start = 0;
            }

            return _current.AsMemory(_start + _written);
        }
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        lock (_gate)
        {
            if (bytes < 0 || bytes > _current.Length - _start - _written) throw new ArgumentOutOfRangeException(nameof(bytes));
            _written += bytes;
        }
    }

    public void Append(ReadOnlyMemory<byte> borrowed)
    {
        channel.CheckWriter();
        lock (_gate)
        {
            CloseCurrent();
            if (!borrowed.IsEmpty) _parts.Add(borrowed);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        channel.CheckWriter();
        Stage(completing: false);
        return channel.SendAsync(_payload, cancellationToken);
    }

    public override void CancelPendingFlush() => channel.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        if (exception is null && !channel.IsWriterDone) Stage(completing: true);
        channel.CompleteWriter(_payload, exception);
    }

    /// <summary>Drops everything that has not been sent: only a broken implementation does.</summary>
    internal void Forget()
    {
        lock (_gate)
        {
            _parts.Clear();
            _written = 0;
        }

        channel.Drop(_payload);
    }

    private void CloseCurrent()
    {
        if (_written == 0) return;
        _parts.Add(_current.AsMemory(_start, _written));
        _start += _written;
        _written = 0;
    }

    // What is written after the end has begun is nobody's.
    private void Stage(bool completing)
    {
        byte[] bytes;
        lock (_gate)
        {
            if (_completed) return;
            _completed = completing;
            CloseCurrent();
            if (_parts.Count == 0) return;
            bytes = new byte[_parts.Sum(static part => part.Length)];
            var at = 0;
            foreach (var part in _parts)
            {
                part.CopyTo(bytes.AsMemory(at));
                at += part.Length;
            }

            _parts.Clear();
        }

        channel.Stage(_payload, Sending?.Invoke(bytes) ?? bytes);
    }
}
