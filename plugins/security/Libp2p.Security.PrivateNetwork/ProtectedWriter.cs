using System.IO.Pipelines;

namespace Libp2p.Security.PrivateNetwork;

/// <summary>Encrypts what is written where it lies, in the wire's memory. One caller at a time.</summary>
internal sealed class ProtectedWriter(PipeWriter wire, XSalsa20 cipher) : PipeWriter
{
    private Memory<byte> _memory;

    public override bool CanGetUnflushedBytes => wire.CanGetUnflushedBytes;

    public override long UnflushedBytes => wire.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _memory = wire.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _memory.Length);
        cipher.Apply(_memory.Span[..bytes]);
        _memory = _memory[bytes..];
        wire.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        _memory = default;
        return wire.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => wire.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => wire.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => wire.CompleteAsync(exception);
}
