using System.Buffers;

namespace Libp2p.Swarm.Multistream;

/// <summary>
/// The proposing side of multistream-select 1.0, without I/O: bytes in, bytes out, a verdict. It takes no byte behind the answer that accepts.
/// A mutable value: one negotiation, one copy.
/// </summary>
internal struct MultistreamDialer
{
    private readonly IReadOnlyList<ProtocolId> _proposals;
    private int _current;
    private bool _headerRead;

    /// <param name="proposals">At least one, the preferred first.</param>
    public MultistreamDialer(IReadOnlyList<ProtocolId> proposals) => _proposals = proposals;

    /// <summary>What is, or was, proposed last.</summary>
    public readonly ProtocolId Current => _proposals[_current];

    /// <summary>The header and the first proposal, which leave together.</summary>
    public readonly void Open(IBufferWriter<byte> output) => Open(_proposals[0], output);

    /// <inheritdoc cref="Open(IBufferWriter{byte})"/>
    public static void Open(ProtocolId proposal, IBufferWriter<byte> output)
    {
        var header = MultistreamWire.HeaderLine;
        var line = proposal.MultistreamLine.Span;
        var span = output.GetSpan(header.Length + line.Length);
        header.CopyTo(span);
        line.CopyTo(span[header.Length..]);
        output.Advance(header.Length + line.Length);
    }

    /// <summary>Takes answers until one accepts, the next proposal must be sent, all were refused, or the input ends.</summary>
    /// <exception cref="NegotiationException">The listener broke the protocol.</exception>
    public MultistreamStep Handle(ref ReadOnlySequence<byte> input, IBufferWriter<byte> output)
    {
        if (!_headerRead && !(_headerRead = MultistreamWire.TryReadHeader(ref input, "listener"))) return MultistreamStep.NeedMore;

        Span<byte> scratch = stackalloc byte[MultistreamWire.ScratchLength];
        while (MultistreamWire.TryReadToken(ref input, scratch, out var token))
        {
            if (token.SequenceEqual(MultistreamWire.TextOf(Current))) return MultistreamStep.Selected;
            if (!token.SequenceEqual(MultistreamWire.NotAvailableText))
            {
                throw new NegotiationException($"multistream-select: the listener answered '{MultistreamWire.Show(token)}' to the proposal {Current}.");
            }

            if (_current + 1 == _proposals.Count) return MultistreamStep.Refused;
            _current++;
            output.Write(Current.MultistreamLine.Span);
            return MultistreamStep.Answered;
        }

        return MultistreamStep.NeedMore;
    }
}
