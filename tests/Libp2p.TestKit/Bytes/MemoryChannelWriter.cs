using System.IO.Pipelines;

namespace Libp2p.TestKit;

/// <summary>The writing end of a <see cref="MemoryChannel"/>. Borrowed memory is copied only when it is flushed, so that a borrower who changes it too early is found out.</summary>
internal sealed class MemoryChannelWriter(MemoryChannel channel) : PipeWriter, IGatherWriter
{
    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private readonly Payload _payload = new();
    private byte[] _current = [];
    private int _written;

    /// <summary>Sees, and may replace, what is about to be sent. Called once a flush that sends something.</summary>
    public Func<byte[], byte[]>? Sending { get; set; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _parts.Sum(static part => (long)part.Length) + _written;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        channel.CheckWriter();
        var need = Math.Max(sizeHint, 1);
        if (_current.Length - _written < need)
        {
            CloseCurrent();
            _current = new byte[Math.Max(4096, need)];
        }

        return _current.AsMemory(_written);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (bytes < 0 || bytes > _current.Length - _written) throw new ArgumentOutOfRangeException(nameof(bytes));
        _written += bytes;
    }

    public void Append(ReadOnlyMemory<byte> borrowed)
    {
        channel.CheckWriter();
        CloseCurrent();
        if (!borrowed.IsEmpty) _parts.Add(borrowed);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        channel.CheckWriter();
        Stage();
        return channel.SendAsync(_payload, cancellationToken);
    }

    public override void CancelPendingFlush() => channel.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        if (exception is null && !channel.IsWriterDone) Stage();
        channel.CompleteWriter(_payload, exception);
    }

    /// <summary>Drops everything that has not been sent: only a broken implementation does.</summary>
    internal void Forget()
    {
        _parts.Clear();
        _written = 0;
        _payload.Clear();
    }

    private void CloseCurrent()
    {
        if (_written == 0) return;
        _parts.Add(_current.AsMemory(0, _written));
        _current = _current[_written..];
        _written = 0;
    }

    private void Stage()
    {
        CloseCurrent();
        if (_parts.Count == 0) return;
        var bytes = new byte[_parts.Sum(static part => part.Length)];
        var at = 0;
        foreach (var part in _parts)
        {
            part.CopyTo(bytes.AsMemory(at));
            at += part.Length;
        }

        _parts.Clear();
        _payload.Add(Sending?.Invoke(bytes) ?? bytes);
    }
}
