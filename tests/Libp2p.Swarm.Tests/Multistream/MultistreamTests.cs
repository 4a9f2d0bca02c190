using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Libp2p.Swarm.Multistream;

namespace Libp2p.Swarm.Tests.Multistream;

public class MultistreamTests
{
    private const string Header = "\u0013/multistream/1.0.0\n";
    private static readonly ImmutableArray<ProtocolId> Supported = ["/echo/1.0.0", "/ping/1.0.0"];

    [Fact]
    public void Listener_answers_header_and_echo_together_and_leaves_the_payload()
    {
        var outcome = Listen(Header + "\u000c/echo/1.0.0\nhello");
        outcome.Chosen.Value.ShouldBe("/echo/1.0.0");
        Text(outcome.Written).ShouldBe(Header + "\u000c/echo/1.0.0\n");
        outcome.Rest.ShouldBe(5);
    }

    [Fact]
    public void Listener_refuses_what_it_does_not_know_and_accepts_a_later_proposal()
    {
        var outcome = Listen(Header + "\u0006/nope\n\u000c/ping/1.0.0\n");
        outcome.Chosen.Value.ShouldBe("/ping/1.0.0");
        Text(outcome.Written).ShouldBe(Header + "\u0003na\n" + "\u000c/ping/1.0.0\n");
    }

    [Fact]
    public void Listener_lists_what_it_serves()
    {
        var outcome = Listen(Header + "\u0003ls\n\u000c/ping/1.0.0\n");
        Text(outcome.Written).ShouldBe(Header + "\u001b\u000c/echo/1.0.0\n\u000c/ping/1.0.0\n\n" + "\u000c/ping/1.0.0\n");
    }

    [Fact]
    public void Dialer_says_header_and_first_proposal_together()
    {
        var outcome = Dial(Header + "\u000c/echo/1.0.0\npayload");
        outcome.Chosen.Value.ShouldBe("/echo/1.0.0");
        Text(outcome.Written).ShouldBe(Header + "\u000c/echo/1.0.0\n");
        outcome.Rest.ShouldBe(7);
    }

    [Fact]
    public void Dialer_proposes_the_next_after_a_refusal()
    {
        var outcome = Dial(Header + "\u0003na\n\u000c/ping/1.0.0\n");
        outcome.Chosen.Value.ShouldBe("/ping/1.0.0");
        Text(outcome.Written).ShouldBe(Header + "\u000c/echo/1.0.0\n\u000c/ping/1.0.0\n");
    }

    [Fact]
    public void Dialer_says_what_was_offered_when_all_is_refused()
    {
        var error = Should.Throw<UnsupportedProtocolException>(() => Dial(Header + "\u0003na\n\u0003na\n"));
        error.Offered.ShouldBe(Supported);
    }

    [Fact]
    public void Dialer_refuses_an_answer_that_it_did_not_propose() =>
        Should.Throw<NegotiationException>(() => Dial(Header + "\u000c/ping/1.0.0\n")).Message.ShouldContain("/ping/1.0.0");

    [Theory]
    [InlineData("\u000c/echo/1.0.0\n")] // no header
    [InlineData("\u0014/multistream/1.0.00\n")] // another header
    [InlineData("\0")] // empty token
    [InlineData(Header + "\u0003abc")] // no newline
    public void Garbage_is_refused_by_both(string bytes)
    {
        Should.Throw<NegotiationException>(() => Listen(bytes));
        Should.Throw<NegotiationException>(() => Dial(bytes));
    }

    [Fact]
    public void Row01_length_that_is_not_minimal_is_refused()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Header), 0x83, 0x00, .. "na\n"u8];
        Should.Throw<NegotiationException>(() => MultistreamNegotiator.Run(bytes, Supported, ConnectionRole.Listener)).Message.ShouldContain("minimal");
    }

    [Theory]
    [InlineData(1025)]
    [InlineData(16383)]
    [InlineData(16384)]
    [InlineData(int.MaxValue)]
    public void Row04_token_over_1024_bytes_is_refused_by_its_length_alone(int length)
    {
        var bytes = Encoding.UTF8.GetBytes(Header).Concat(Varint(length)).ToArray();
        Should.Throw<NegotiationException>(() => MultistreamNegotiator.Run(bytes, Supported, ConnectionRole.Listener)).Message.ShouldContain("1024");
        Should.Throw<NegotiationException>(() => MultistreamNegotiator.Run(bytes, Supported, ConnectionRole.Dialer)).Message.ShouldContain("1024");
    }

    [Fact]
    public void Token_of_1024_bytes_is_taken()
    {
        var name = new ProtocolId("/" + new string('x', 1022));
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Header), .. name.MultistreamLine.Span];
        MultistreamNegotiator.Run(bytes, [name], ConnectionRole.Listener).Chosen.ShouldBe(name);
        MultistreamNegotiator.Run(bytes, [name], ConnectionRole.Dialer).Chosen.ShouldBe(name);
    }

    [Theory]
    [InlineData("\u0006/nope\n")]
    [InlineData("\u0003ls\n")]
    public void Row05_more_than_64_proposals_or_listings_are_refused(string asked)
    {
        var many = Header + string.Concat(Enumerable.Repeat(asked, 63)) + "\u000c/echo/1.0.0\n";
        Listen(many).Chosen.Value.ShouldBe("/echo/1.0.0");
        var tooMany = Header + string.Concat(Enumerable.Repeat(asked, 64)) + "\u000c/echo/1.0.0\n";
        Should.Throw<NegotiationException>(() => Listen(tooMany)).Message.ShouldContain("64");
    }

    [Fact]
    public void Invalid_utf8_is_no_protocol_and_no_error()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Header), 4, (byte)'/', 0xff, 0xfe, (byte)'\n', .. "\u000c/echo/1.0.0\n"u8];
        Text(MultistreamNegotiator.Run(bytes, Supported, ConnectionRole.Listener).Written).ShouldBe(Header + "\u0003na\n\u000c/echo/1.0.0\n");
    }

    [Theory]
    [InlineData(ConnectionRole.Listener)]
    [InlineData(ConnectionRole.Dialer)]
    public void Every_prefix_needs_more_and_the_whole_is_enough(ConnectionRole role)
    {
        var whole = Encoding.UTF8.GetBytes(role == ConnectionRole.Listener
            ? Header + "\u0003ls\n\u0006/nope\n\u000c/ping/1.0.0\n"
            : Header + "\u0003na\n\u000c/ping/1.0.0\n");
        for (var length = 0; length < whole.Length; length++)
        {
            Should.Throw<NegotiationException>(() => MultistreamNegotiator.Run(whole.AsMemory(0, length), Supported, role)).Message.ShouldContain("ended");
        }

        MultistreamNegotiator.Run(whole, Supported, role).Chosen.Value.ShouldBe("/ping/1.0.0");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Segments_do_not_matter(int size)
    {
        var bytes = Encoding.UTF8.GetBytes(Header + "\u0006/nope\n\u000c/ping/1.0.0\nrest");
        var input = Segmented(bytes, size);
        var output = new ArrayBufferWriter<byte>();
        var listener = new MultistreamListener();
        var table = new ProtocolTable(Supported);
        MultistreamStep step;
        while ((step = listener.Handle(ref input, table, output)) == MultistreamStep.Answered)
        {
        }

        step.ShouldBe(MultistreamStep.Selected);
        listener.Selected.ShouldBe(1);
        input.ToArray().ShouldBe("rest"u8.ToArray());
        Text(output.WrittenMemory).ShouldBe(Header + "\u0003na\n\u000c/ping/1.0.0\n");
    }

    private static MultistreamOutcome Listen(string bytes) => MultistreamNegotiator.Run(Encoding.UTF8.GetBytes(bytes), Supported, ConnectionRole.Listener);

    private static MultistreamOutcome Dial(string bytes) => MultistreamNegotiator.Run(Encoding.UTF8.GetBytes(bytes), Supported, ConnectionRole.Dialer);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value >= 0x80; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }

    internal static ReadOnlySequence<byte> Segmented(byte[] bytes, int size)
    {
        Segment? first = null, last = null;
        for (var at = 0; at < bytes.Length; at += size)
        {
            last = new Segment(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)), last);
            first ??= last;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is null) return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
