using System.IO.Pipelines;
using Libp2p.Swarm.Multistream;

namespace Libp2p.Swarm.Upgrading;

/// <summary>
/// A wire on which one protocol is proposed without waiting for the answer: the proposal is in the output, unflushed, and leaves with what the protocol says first; the
/// first read takes the answer off. For protocols whose dialer flushes before it reads.
/// </summary>
internal sealed class ProposingBytes : IByteConnection
{
    private readonly IByteConnection _wire;
    private readonly AnswerReader _answer;

    /// <param name="wire">Owned from here on.</param>
    /// <param name="proposal">The only one.</param>
    /// <param name="agreed">Called once, when the remote has accepted.</param>
    public ProposingBytes(IByteConnection wire, ProtocolId proposal, Action agreed)
    {
        _wire = wire;
        _answer = new AnswerReader(wire.Input, wire.Output, proposal, agreed);
        MultistreamDialer.Open(proposal, wire.Output);
    }

    public PipeReader Input => _answer.IsTaken ? _wire.Input : _answer;

    public PipeWriter Output => _wire.Output;

    public CancellationToken Closed => _wire.Closed;

    public void Abort(Exception? why) => _wire.Abort(why);

    public object? GetFeature(Type type) => _wire.GetFeature(type);

    public ValueTask DisposeAsync() => _wire.DisposeAsync();

    /// <summary>The wire's input; what is read first is behind the answer.</summary>
    private sealed class AnswerReader(PipeReader inner, PipeWriter output, ProtocolId proposal, Action agreed) : PipeReader
    {
        private MultistreamDialer _dialer = new([proposal]);

        public bool IsTaken { get; private set; }

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            IsTaken ? inner.ReadAsync(cancellationToken) : ReadAnswerAsync(cancellationToken);

        public override bool TryRead(out ReadResult result)
        {
            while (inner.TryRead(out result))
            {
                if (IsTaken || result.IsCanceled) return true;
                Take(result);
            }

            return false;
        }

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        private async ValueTask<ReadResult> ReadAnswerAsync(CancellationToken cancellationToken)
        {
            while (true)
            {
                var result = await inner.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (IsTaken || result.IsCanceled) return result;
                Take(result);
            }
        }

        private void Take(in ReadResult read)
        {
            var buffer = read.Buffer;
            switch (_dialer.Handle(ref buffer, output))
            {
                case MultistreamStep.Selected:
                    inner.AdvanceTo(buffer.Start);
                    IsTaken = true;
                    agreed();
                    break;
                case MultistreamStep.Refused:
                    throw MultistreamNegotiator.Unsupported([proposal]);
                default:
                    inner.AdvanceTo(buffer.Start, read.Buffer.End);
                    if (read.IsCompleted) throw MultistreamNegotiator.Ended();
                    break;
            }
        }
    }
}
