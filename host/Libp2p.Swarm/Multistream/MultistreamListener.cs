using System.Buffers;

namespace Libp2p.Swarm.Multistream;

/// <summary>
/// The answering side of multistream-select 1.0, without I/O: bytes in, bytes out, a verdict. It takes no byte behind the accepted proposal.
/// A mutable value: one negotiation, one copy.
/// </summary>
internal struct MultistreamListener
{
    /// <summary>How many proposals and listings one negotiation may hold.</summary>
    public const int MaxProposals = 64;

    private int _proposals;
    private bool _headerRead;
    private bool _headerWritten;
    private bool _refused;

    /// <summary>Whether something was written since it was last set to false.</summary>
    public bool Unflushed { get; set; }

    /// <summary>The index, in the table, of the protocol agreed; -1 before.</summary>
    public int Selected { get; private set; } = -1;

    /// <summary>Whether proposals were refused, and not yet too many.</summary>
    public readonly bool RefusedSome => _refused && _proposals <= MaxProposals;

    public MultistreamListener()
    {
    }

    /// <summary>Says the header, if it was not said yet.</summary>
    public void Greet(IBufferWriter<byte> output)
    {
        if (_headerWritten) return;
        _headerWritten = true;
        output.Write(MultistreamWire.HeaderLine);
        Unflushed = true;
    }

    /// <summary>Takes tokens until one needs an answer to be sent, one is accepted, or the input ends.</summary>
    /// <exception cref="NegotiationException">The dialer broke the protocol or asked too often.</exception>
    public MultistreamStep Handle(ref ReadOnlySequence<byte> input, ProtocolTable supported, IBufferWriter<byte> output)
    {
        if (!_headerRead && !(_headerRead = MultistreamWire.TryReadHeader(ref input, "dialer"))) return MultistreamStep.NeedMore;

        Span<byte> scratch = stackalloc byte[MultistreamWire.ScratchLength];
        while (MultistreamWire.TryReadToken(ref input, scratch, out var token))
        {
            if (++_proposals > MaxProposals)
            {
                throw new NegotiationException($"multistream-select: the dialer proposed more than {MaxProposals} times.");
            }

            Greet(output);
            Unflushed = true;
            if (token.SequenceEqual(MultistreamWire.ListText))
            {
                output.Write(supported.Listing);
                return MultistreamStep.Answered;
            }

            var index = supported.IndexOf(token);
            if (index < 0)
            {
                output.Write(MultistreamWire.NotAvailableLine);
                _refused = true;
                return MultistreamStep.Answered;
            }

            output.Write(supported.Protocols[index].MultistreamLine.Span);
            Selected = index;
            return MultistreamStep.Selected;
        }

        // A dialer may wait for our header before it proposes anything.
        if (_headerRead) Greet(output);
        return MultistreamStep.NeedMore;
    }
}
