using System.Buffers;
using Libp2p.Protocols.Ping;

namespace Libp2p.Protocols.Tests.Ping;

public sealed class PingEchoTests
{
    [Fact]
    public void Every_prefix_answers_its_whole_pings_and_keeps_the_rest()
    {
        var bytes = new byte[(3 * PingEcho.Size) + 1];
        new Random(1).NextBytes(bytes);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var received = new ReadOnlySequence<byte>(bytes, 0, length);
            var output = new ArrayBufferWriter<byte>();
            PingEcho.Answer(ref received, output).ShouldBe(length / PingEcho.Size);
            output.WrittenSpan.SequenceEqual(bytes.AsSpan(0, length / PingEcho.Size * PingEcho.Size)).ShouldBeTrue();
            received.Length.ShouldBe(length % PingEcho.Size);
        }
    }

    [Fact]
    public void A_ping_in_several_segments_is_answered_whole()
    {
        var bytes = new byte[40];
        new Random(2).NextBytes(bytes);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            var first = new Segment(bytes.AsMemory(0, cut), 0);
            var last = first.Append(bytes.AsMemory(cut));
            var received = new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
            var output = new ArrayBufferWriter<byte>();
            PingEcho.Answer(ref received, output).ShouldBe(1);
            output.WrittenSpan.SequenceEqual(bytes.AsSpan(0, 32)).ShouldBeTrue();
            received.ToArray().ShouldBe(bytes[32..]);
        }
    }

    [Fact]
    public void Only_the_same_32_bytes_are_an_answer()
    {
        var sent = new byte[32];
        new Random(3).NextBytes(sent);
        PingEcho.Matches(new ReadOnlySequence<byte>(sent.ToArray()), sent).ShouldBeTrue();
        for (var bit = 0; bit < 256; bit++)
        {
            var other = sent.ToArray();
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            PingEcho.Matches(new ReadOnlySequence<byte>(other), sent).ShouldBeFalse();
        }

        for (var length = 0; length < 64; length++)
        {
            PingEcho.Matches(new ReadOnlySequence<byte>(new byte[length]), new byte[32]).ShouldBe(length == 32);
        }
    }

    [Fact]
    public void Answering_allocates_nothing()
    {
        var bytes = new byte[64];
        var output = new ArrayBufferWriter<byte>(1024);
        for (var i = 0; i < 10; i++)
        {
            Answer();
        }

        Allocations.LeastOf(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                Answer();
            }
        }).ShouldBe(0);

        void Answer()
        {
            var received = new ReadOnlySequence<byte>(bytes);
            PingEcho.Answer(ref received, output);
            output.ResetWrittenCount();
        }
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
