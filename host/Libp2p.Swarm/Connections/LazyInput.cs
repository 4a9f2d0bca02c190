using System.IO.Pipelines;
using Libp2p.Swarm.Multistream;
using Libp2p.Swarm.Runtime;

namespace Libp2p.Swarm.Connections;

/// <summary>The read side of a stream whose protocol is only proposed: the first read takes the answer off, then everything passes through.</summary>
internal sealed class LazyInput(SwarmStream stream, PipeReader inner, LazyOutput output, ProtocolId proposal) : PipeReader
{
    private MultistreamDialer _dialer = new([proposal]);
    private NegotiationException? _failure;
    private volatile bool _agreed;
    private bool _waiting;
    private bool _gaveNothing;

    /// <summary>Whether the remote has accepted, so that the inner input may be used directly.</summary>
    public bool IsAgreed => _agreed;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _agreed ? inner.ReadAsync(cancellationToken) : ReadAnswerAsync(cancellationToken);

    public override bool TryRead(out ReadResult result)
    {
        if (_agreed) return inner.TryRead(out result);
        if (_failure is not null) throw _failure;
        result = default;
        if (output.SendProposalAsync() is { IsCompletedSuccessfully: false }) return false;
        while (inner.TryRead(out var read))
        {
            if (read.IsCanceled)
            {
                inner.AdvanceTo(read.Buffer.Start);
                result = Cancelled();
                return true;
            }

            if (TakeAnswer(read)) return inner.TryRead(out result);
            BeginWaiting();
        }

        return false;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_gaveNothing)
        {
            // A cancelled read before the answer: there is nothing to advance over.
            _gaveNothing = false;
            return;
        }

        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private async ValueTask<ReadResult> ReadAnswerAsync(CancellationToken cancellationToken)
    {
        if (_failure is not null) throw _failure;
        var sending = output.SendProposalAsync();
        if (!sending.IsCompletedSuccessfully) await SharedTask.JoinAsync(sending, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            ReadResult read;
            try
            {
                var reading = inner.ReadAsync(cancellationToken);
                if (!reading.IsCompleted) BeginWaiting();
                read = await reading.ConfigureAwait(false);
            }
            catch (Exception cause) when (stream.NegotiationTimedOut)
            {
                _failure = stream.TimedOut(cause);
                throw _failure;
            }

            if (read.IsCanceled)
            {
                inner.AdvanceTo(read.Buffer.Start);
                return Cancelled();
            }

            if (TakeAnswer(read)) return await inner.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private ReadResult Cancelled()
    {
        _gaveNothing = true;
        return new ReadResult(default, isCanceled: true, isCompleted: false);
    }

    private void BeginWaiting()
    {
        if (_waiting) return;
        _waiting = true;
        stream.BeginNegotiation();
    }

    /// <summary>Looks at what was read; true once the remote has accepted.</summary>
    private bool TakeAnswer(in ReadResult read)
    {
        var buffer = read.Buffer;
        try
        {
            switch (_dialer.Handle(ref buffer, output))
            {
                case MultistreamStep.Selected:
                    inner.AdvanceTo(buffer.Start);
                    stream.EndNegotiation();
                    _agreed = true;
                    return true;
                case MultistreamStep.Refused:
                    throw MultistreamNegotiator.Unsupported([proposal]);
                default:
                    if (read.IsCompleted) throw MultistreamNegotiator.Ended();
                    inner.AdvanceTo(buffer.Start, read.Buffer.End);
                    return false;
            }
        }
        catch (NegotiationException failure)
        {
            inner.AdvanceTo(buffer.Start);
            _failure = failure;
            stream.EndNegotiation();
            stream.Refused(failure);
            throw;
        }
    }
}
