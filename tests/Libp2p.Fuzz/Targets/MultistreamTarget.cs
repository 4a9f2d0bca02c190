using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Libp2p.Swarm.Multistream;

namespace Libp2p.Fuzz.Targets;

/// <summary>One side of multistream-select: a choice or a typed refusal, the same in whatever pieces the bytes come, and answers in proportion.</summary>
internal sealed class MultistreamTarget(ConnectionRole role) : FuzzTarget(role == ConnectionRole.Dialer ? "multistream-dialer" : "multistream-listener")
{
    private const string Header = "\u0013/multistream/1.0.0\n";
    private static readonly ImmutableArray<ProtocolId> Supported = ["/echo/1.0.0", "/ping/1.0.0"];
    private static readonly ProtocolTable Table = new(Supported);

    /// <summary>A token that is too long, behind a header.</summary>
    public override int MaxLength => MultistreamWire.MaxTokenLength + 128;

    public override IEnumerable<byte[]> Seeds =>
        new[] { Header + "\u0003ls\n\u0006/nope\n\u000c/ping/1.0.0\n", Header + "\u0003na\n\u000c/ping/1.0.0\n", Header + "\u000c/echo/1.0.0\nabc", Header + "\u0003na\n\u0003na\n" }.Select(Encoding.UTF8.GetBytes);

    public override IReadOnlyList<byte[]> Dictionary { get; } = [.. new[] { Header, "\u0003na\n", "\u0003ls\n", "\u000c/echo/1.0.0\n", "\u000c/ping/1.0.0\n" }.Select(Encoding.UTF8.GetBytes)];

    public override void Run(ReadOnlySpan<byte> input)
    {
        var bytes = input.ToArray();
        var whole = Negotiate(new ReadOnlySequence<byte>(bytes), bytes.Length);
        Property.Holds(whole.Written.Length < 256 + (bytes.Length * 16), $"{whole.Written.Length} bytes written");
        Compare(whole, Negotiate(new ReadOnlySequence<byte>(bytes), 1), "byte by byte");
        Compare(whole, Negotiate(Pieces.Of(bytes, 7), 7), "in pieces");
    }

    private static void Compare(in Outcome whole, in Outcome other, string how)
    {
        Property.Holds(other.Verdict == whole.Verdict && other.Rest == whole.Rest, $"{how}: {other.Verdict} instead of {whole.Verdict}");
        Property.Same(other.Written, whole.Written, "other words are said where the same bytes come otherwise");
    }

    // What arrives grows by a step at a time, as it does on a stream.
    private Outcome Negotiate(ReadOnlySequence<byte> all, int step)
    {
        var output = new ArrayBufferWriter<byte>();
        var dialer = new MultistreamDialer(Supported);
        var listener = new MultistreamListener();
        long taken = 0;
        var verdict = "more";
        if (role == ConnectionRole.Dialer)
        {
            dialer.Open(output);
        }

        try
        {
            for (var arrived = Math.Min(step, all.Length); ; arrived = Math.Min(arrived + step, all.Length))
            {
                MultistreamStep result;
                do
                {
                    var input = all.Slice(taken, arrived - taken);
                    var before = input.Length;
                    result = role == ConnectionRole.Dialer ? dialer.Handle(ref input, output) : listener.Handle(ref input, Table, output);
                    Property.Holds(input.Length <= before, "bytes were put back");
                    taken += before - input.Length;
                }
                while (result == MultistreamStep.Answered);

                if (result != MultistreamStep.NeedMore)
                {
                    verdict = result == MultistreamStep.Selected ? role == ConnectionRole.Dialer ? dialer.Current.Value : Supported[listener.Selected].Value : "refused";
                    break;
                }

                if (arrived == all.Length)
                {
                    break;
                }
            }
        }
        catch (NegotiationException)
        {
            // How far it got before depends on when its bytes came.
            return new Outcome("broken", [], 0);
        }

        return new Outcome(verdict, output.WrittenSpan.ToArray(), all.Length - taken);
    }

    private readonly record struct Outcome(string Verdict, byte[] Written, long Rest);
}
