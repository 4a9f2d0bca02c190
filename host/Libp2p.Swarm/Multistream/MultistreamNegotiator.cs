using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;

namespace Libp2p.Swarm.Multistream;

/// <summary>Runs the two state machines over a pipe, or over bytes that are all there already.</summary>
internal static class MultistreamNegotiator
{
    /// <summary>What <see cref="AnswerAsync"/> returns where the dialer gave up after a refusal.</summary>
    public const int NothingAgreed = -1;

    /// <summary>Proposes in order, each after the refusal of the one before. What follows the accepting answer stays in the input.</summary>
    /// <exception cref="UnsupportedProtocolException">All were refused.</exception>
    /// <exception cref="NegotiationException">The remote broke the protocol or ended it.</exception>
    public static async ValueTask<ProtocolId> ProposeAsync(PipeReader input, PipeWriter output, IReadOnlyList<ProtocolId> proposals, CancellationToken cancellationToken = default)
    {
        var dialer = new MultistreamDialer(proposals);
        dialer.Open(output);
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            var step = dialer.Handle(ref buffer, output);
            Advance(input, step, buffer, result.Buffer);
            switch (step)
            {
                case MultistreamStep.Selected:
                    return dialer.Current;
                case MultistreamStep.Refused:
                    throw Unsupported(proposals);
                case MultistreamStep.Answered:
                    await output.FlushAsync(cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    if (result.IsCompleted) throw Ended();
                    break;
            }
        }
    }

    /// <summary>
    /// Answers proposals until one is accepted; header and answer leave in one write where the dialer sent both at once. What follows the proposal stays
    /// in the input.
    /// </summary>
    /// <param name="input">What the dialer says.</param>
    /// <param name="output">What it is told.</param>
    /// <param name="supported">What may be agreed.</param>
    /// <param name="quiet">
    /// Say nothing before the dialer does, and leave the accepting answer unflushed where the dialer did not wait for it: whoever goes on flushes soon, and both
    /// leave together. Else a silent dialer is told the header at once, as either side may speak first.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// The index of the protocol in the table; <see cref="NothingAgreed"/> where the dialer left, or sent data for a protocol that had been refused.
    /// </returns>
    /// <exception cref="NegotiationException">The remote broke the protocol, asked too often, or ended it.</exception>
    public static async ValueTask<int> AnswerAsync(PipeReader input, PipeWriter output, ProtocolTable supported, bool quiet = false, CancellationToken cancellationToken = default)
    {
        var listener = new MultistreamListener();
        while (true)
        {
            var reading = input.ReadAsync(cancellationToken);
            if (!reading.IsCompleted && !quiet) listener.Greet(output);
            if (listener.Unflushed)
            {
                listener.Unflushed = false;
                await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            var result = await reading.ConfigureAwait(false);
            var buffer = result.Buffer;
            MultistreamStep step;
            try
            {
                step = listener.Handle(ref buffer, supported, output);
            }
            catch (NegotiationException) when (listener.RefusedSome)
            {
                // A lazy dialer's data behind a proposal that was refused: it is to read the refusal, not a reset.
                input.AdvanceTo(buffer.Start);
                return NothingAgreed;
            }

            Advance(input, step, buffer, result.Buffer);
            if (step == MultistreamStep.Selected)
            {
                if (!quiet || buffer.IsEmpty) await output.FlushAsync(cancellationToken).ConfigureAwait(false);
                return listener.Selected;
            }

            if (step == MultistreamStep.NeedMore && result.IsCompleted)
            {
                return listener.RefusedSome ? NothingAgreed : throw Ended();
            }
        }
    }

    /// <summary>What one side would write, and agree on, if the remote said these bytes.</summary>
    /// <exception cref="NegotiationException">The bytes are not a whole negotiation that succeeds.</exception>
    public static MultistreamOutcome Run(ReadOnlyMemory<byte> bytes, ImmutableArray<ProtocolId> supported, ConnectionRole role)
    {
        var input = new ReadOnlySequence<byte>(bytes);
        var output = new ArrayBufferWriter<byte>();
        MultistreamStep step;
        ProtocolId? chosen;
        if (role == ConnectionRole.Dialer)
        {
            var dialer = new MultistreamDialer(supported);
            dialer.Open(output);
            while ((step = dialer.Handle(ref input, output)) == MultistreamStep.Answered)
            {
            }

            chosen = dialer.Current;
        }
        else
        {
            var listener = new MultistreamListener();
            var table = new ProtocolTable(supported);
            while ((step = listener.Handle(ref input, table, output)) == MultistreamStep.Answered)
            {
            }

            chosen = step == MultistreamStep.Selected ? supported[listener.Selected] : null;
        }

        return step switch
        {
            MultistreamStep.Selected => new MultistreamOutcome(chosen!, output.WrittenMemory, input.Length),
            MultistreamStep.Refused => throw Unsupported(supported),
            _ => throw Ended(),
        };
    }

    public static UnsupportedProtocolException Unsupported(IReadOnlyList<ProtocolId> offered) =>
        new($"The remote speaks none of {string.Join(", ", offered)}.", [.. offered]);

    public static NegotiationException Ended() => new("multistream-select: the remote ended the stream before a protocol was agreed.");

    private static void Advance(PipeReader input, MultistreamStep step, in ReadOnlySequence<byte> rest, in ReadOnlySequence<byte> all)
    {
        // Only a wish for more has looked at everything; else what follows is to be seen by the next read.
        input.AdvanceTo(rest.Start, step == MultistreamStep.NeedMore ? all.End : rest.Start);
    }
}

/// <summary>The result of a negotiation over given bytes.</summary>
/// <param name="Chosen">The protocol agreed.</param>
/// <param name="Written">All that this side wrote.</param>
/// <param name="Rest">How many bytes behind the negotiation were left alone.</param>
internal readonly record struct MultistreamOutcome(ProtocolId Chosen, ReadOnlyMemory<byte> Written, long Rest);
