using System.Buffers;
using System.IO.Pipelines;
using Libp2p.Swarm.Multistream;
using Libp2p.Swarm.Runtime;

namespace Libp2p.Swarm.Connections;

/// <summary>
/// The write side of a stream whose protocol is only proposed: the proposal goes in front of the first bytes, in the same segment. One writer, and one
/// reader who may ask for the proposal to leave.
/// </summary>
/// <remarks>
/// Whoever comes first sends the proposal. Where that is the reader and its flush has to wait, the writer may come meanwhile: what it writes is kept apart
/// until the flush is done, because the output takes one caller at a time.
/// </remarks>
internal sealed class LazyOutput(PipeWriter inner, ProtocolId proposal) : PipeWriter
{
    private const int Unsent = 0;
    private const int Sending = 1;
    private const int Open = 2;

    private readonly Lock _gate = new();
    private volatile int _state; // written under _gate
    private ArrayBufferWriter<byte>? _aside; // guarded by _gate; what was written while Sending
    private Task _sending = Task.CompletedTask; // guarded by _gate
    private bool _inAside; // the writer's own
    private bool _completed; // guarded by _gate
    private Exception? _completion; // guarded by _gate

    /// <summary>Whether the proposal has been handed down, so that the inner output may be used directly.</summary>
    public bool IsOpen => _state == Open;

    /// <summary>Whether nobody has touched this stream yet: the remote need not hear of it.</summary>
    public bool IsUntouched => _state == Unsent;

    /// <summary>Sends the proposal, unless the writer did already. For the reader.</summary>
    public Task SendProposalAsync()
    {
        lock (_gate)
        {
            if (_state != Unsent) return _sending;
            MultistreamDialer.Open(proposal, inner);
            var flush = inner.FlushAsync();
            if (flush.IsCompletedSuccessfully)
            {
                _ = flush.Result;
                _state = Open;
                return Task.CompletedTask;
            }

            _state = Sending;
            _sending = FinishSendingAsync(flush);
            return _sending;
        }
    }

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => IsOpen ? inner.UnflushedBytes : 0;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (!IsOpen && !TryOpen())
        {
            lock (_gate)
            {
                if (_state != Open)
                {
                    _inAside = true;
                    return (_aside ??= new ArrayBufferWriter<byte>()).GetMemory(sizeHint);
                }
            }
        }

        return inner.GetMemory(sizeHint);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (!_inAside)
        {
            inner.Advance(bytes);
            return;
        }

        lock (_gate)
        {
            _inAside = false;
            _aside!.Advance(bytes);
            if (_state == Open) MoveAside();
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        IsOpen || TryOpen() ? inner.FlushAsync(cancellationToken) : FlushLaterAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (IsOpen || TryOpen()) return inner.WriteAsync(source, cancellationToken);
        this.Write(source.Span);
        return FlushLaterAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        if (!IsOpen && !TryOpen())
        {
            lock (_gate)
            {
                if (_state != Open)
                {
                    _completed = true;
                    _completion = exception;
                    return;
                }
            }
        }

        inner.Complete(exception);
    }

    public override ValueTask CompleteAsync(Exception? exception = null)
    {
        if (IsOpen || TryOpen()) return inner.CompleteAsync(exception);
        Complete(exception);
        return default;
    }

    /// <summary>Puts the proposal in front of what the writer is about to write; false while the reader is sending it.</summary>
    private bool TryOpen()
    {
        lock (_gate)
        {
            if (_state == Unsent)
            {
                MultistreamDialer.Open(proposal, inner);
                _state = Open;
            }

            return _state == Open;
        }
    }

    private async ValueTask<FlushResult> FlushLaterAsync(CancellationToken cancellationToken)
    {
        Task sending;
        lock (_gate) sending = _sending;
        await SharedTask.JoinAsync(sending, cancellationToken).ConfigureAwait(false);
        return await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task FinishSendingAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            await flush.ConfigureAwait(false);
        }
        finally
        {
            bool completed;
            lock (_gate)
            {
                _state = Open;
                if (!_inAside) MoveAside();
                completed = _completed;
            }

            if (completed) await inner.CompleteAsync(_completion).ConfigureAwait(false);
        }
    }

    private void MoveAside()
    {
        if (_aside is not { WrittenCount: > 0 } aside) return;
        inner.Write(aside.WrittenSpan);
        aside.ResetWrittenCount();
    }
}
