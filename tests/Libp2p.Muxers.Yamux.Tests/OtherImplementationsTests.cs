using Libp2p.Muxers.Yamux.Tests.Support;
using Libp2p.Muxers.Yamux.Wire;

namespace Libp2p.Muxers.Yamux.Tests;

/// <summary>Habits of go, js and rust that are within the specification, or close to it, and must not hurt.</summary>
public class OtherImplementationsTests
{
    [Fact]
    public void Go_opens_with_a_larger_window_and_closes_in_the_same_burst()
    {
        var io = new SansIo(dialer: false);
        io.Receive(FrameType.WindowUpdate, FrameFlags.Syn, 1, 256 * 1024);
        io.Data(FrameFlags.None, 1, "request"u8.ToArray());
        io.Receive(FrameType.WindowUpdate, FrameFlags.Fin, 1, 0);
        var stream = io.Accept();
        stream.SendWindow.ShouldBe(512 * 1024);
        stream.Input.TryRead(out var read).ShouldBeTrue();
        (read.Buffer.Length, read.IsCompleted).ShouldBe((7L, true));
        stream.Input.AdvanceTo(read.Buffer.End);
        stream.Write("answer"u8.ToArray());
        stream.Output.Complete();
        io.TakeFrames().Sum(static frame => frame.Body.Length).ShouldBe(6);
        io.Session.StreamCount.ShouldBe(0);
    }

    [Fact]
    public void Js_sends_frames_as_large_as_the_window_allows()
    {
        var io = new SansIo(dialer: false);
        io.Data(FrameFlags.Syn, 1, new byte[256 * 1024]);
        var stream = io.Accept();
        SansIo.ReadAll(stream).Length.ShouldBe(256 * 1024);
        Grow(io, stream, 4 * 1024 * 1024);
        var large = new byte[(2 * 1024 * 1024) + 1];
        io.Data(FrameFlags.None, 1, large);
        SansIo.ReadAll(stream).Length.ShouldBe(large.Length);
    }

    [Fact]
    public void Rust_resets_what_it_is_done_with_which_takes_nothing_back_that_it_had_ended()
    {
        var io = new SansIo();
        var stream = io.Session.Open();
        stream.Write("request"u8.ToArray());
        io.Data(FrameFlags.Ack | FrameFlags.Fin, 1, "answer"u8.ToArray());
        io.Receive(FrameType.WindowUpdate, FrameFlags.Rst, 1, 0);
        stream.Input.TryRead(out var read).ShouldBeTrue();
        (read.Buffer.Length, read.IsCompleted).ShouldBe((6L, true));
        stream.Input.AdvanceTo(read.Buffer.End);
        stream.Input.TryRead(out read).ShouldBeTrue();
        read.IsCompleted.ShouldBeTrue();
        stream.Input.AdvanceTo(read.Buffer.End);
        stream.Write(new byte[1]).IsFaulted.ShouldBeTrue();
    }

    [Fact]
    public void Frames_of_streams_that_are_gone_are_ignored()
    {
        var io = new SansIo();
        var stream = io.Session.Open();
        stream.Write(new byte[1]);
        stream.Output.Complete();
        io.Receive(FrameType.Data, FrameFlags.Ack | FrameFlags.Fin, 1, 0);
        io.Session.StreamCount.ShouldBe(0);
        io.Take();
        io.Receive(FrameType.WindowUpdate, FrameFlags.Rst, 1, 0);
        io.Receive(FrameType.WindowUpdate, FrameFlags.None, 1, 1000);
        io.Receive(FrameType.WindowUpdate, FrameFlags.Fin, 1, 0);
        io.Receive(FrameType.Data, FrameFlags.Fin, 1, 0);
        io.Receive(FrameType.WindowUpdate, FrameFlags.Rst, 12345, 0);
        io.IsEnded.ShouldBeFalse();
        io.Take().ShouldBeEmpty();
    }

    [Fact]
    public void Credit_after_the_remote_ended_its_way_is_used()
    {
        var io = new SansIo(dialer: false);
        io.Receive(FrameType.WindowUpdate, FrameFlags.Syn | FrameFlags.Fin, 1, 0);
        var stream = io.Accept();
        var writing = stream.Write(new byte[300 * 1024]);
        io.TakeFrames().Sum(static frame => frame.Body.Length).ShouldBe(256 * 1024);
        writing.IsCompleted.ShouldBeFalse();
        io.Receive(FrameType.WindowUpdate, FrameFlags.None, 1, 256 * 1024);
        writing.IsCompletedSuccessfully.ShouldBeTrue();
        io.TakeFrames().Sum(static frame => frame.Body.Length).ShouldBe(44 * 1024);
    }

    [Fact]
    public void A_second_end_changes_nothing_and_data_behind_an_end_resets_the_stream_alone()
    {
        var io = new SansIo(dialer: false);
        io.Receive(FrameType.Data, FrameFlags.Syn | FrameFlags.Fin, 1, 0);
        io.Receive(FrameType.WindowUpdate, FrameFlags.Fin, 1, 0);
        io.Receive(FrameType.Data, FrameFlags.Fin, 1, 0);
        io.Take().ShouldBeEmpty();
        io.Data(FrameFlags.None, 1, [1]);
        io.TakeFrames().ShouldHaveSingleItem().Header
            .ShouldBe(new YamuxHeader(FrameType.WindowUpdate, FrameFlags.Rst, 1, StreamErrorCode.ProtocolViolation.Value));
        io.IsEnded.ShouldBeFalse();
    }

    [Fact]
    public void A_stream_may_be_opened_and_reset_in_one_frame()
    {
        var io = new SansIo(dialer: false);
        io.Receive(FrameType.WindowUpdate, FrameFlags.Syn | FrameFlags.Rst, 1, 0);
        io.Receive(FrameType.Data, FrameFlags.Syn | FrameFlags.Rst, 3, 5, new byte[5]);
        io.Session.StreamCount.ShouldBe(0);
        io.Session.TryAccept(out var over).ShouldBeNull();
        over.ShouldBeFalse();
        io.Data(FrameFlags.Syn, 5, [1]);
        io.Accept().Id.ShouldBe(5UL);
    }

    [Fact]
    public void A_reset_on_a_data_frame_has_no_code()
    {
        var io = new SansIo(dialer: false);
        io.Data(FrameFlags.Syn, 1, [1]);
        var stream = io.Accept();
        io.Receive(FrameType.Data, FrameFlags.Rst, 1, 0);
        Should.Throw<StreamResetException>(() => stream.Input.TryRead(out _)).Code.ShouldBe(StreamErrorCode.None);
    }

    [Fact]
    public void Answers_to_pings_that_were_never_sent_are_ignored()
    {
        var io = new SansIo();
        io.Receive(FrameType.Ping, FrameFlags.Ack, 0, 77);
        io.Receive(FrameType.Ping, FrameFlags.None, 0, 77);
        io.Take().ShouldBeEmpty();
        io.Session.RoundTrip.ShouldBe(0);
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(0x1002u)]
    public void A_go_away_with_a_reason_ends_the_session_with_it(uint reason)
    {
        var io = new SansIo();
        var stream = io.Session.Open();
        stream.Write(new byte[1]);
        io.Receive(FrameType.GoAway, FrameFlags.None, 0, reason);
        var end = io.Session.EndReason.ShouldNotBeNull();
        (end.Code.Value, end.ByRemote).ShouldBe((reason, true));
        end.Cause.ShouldBeOfType<MuxerException>().Code.Value.ShouldBe(reason);
        Should.Throw<StreamResetException>(() => stream.Input.TryRead(out _)).InnerException.ShouldBeOfType<ConnectionClosedException>();
        Should.Throw<ConnectionClosedException>(io.Session.Open);
    }

    [Fact]
    public void After_an_ordinary_go_away_open_streams_go_on_and_no_new_ones_open()
    {
        var io = new SansIo();
        var stream = io.Session.Open();
        stream.Write(new byte[1]);
        io.Receive(FrameType.GoAway, FrameFlags.None, 0, 0);
        io.IsEnded.ShouldBeFalse();
        Should.Throw<ConnectionClosedException>(io.Session.Open).End.ByRemote.ShouldBeTrue();
        io.Session.TryAccept(out var over).ShouldBeNull();
        over.ShouldBeTrue();
        io.Data(FrameFlags.Ack | FrameFlags.Fin, 1, "last words"u8.ToArray());
        SansIo.ReadAll(stream).ShouldBe("last words"u8.ToArray());
        io.Session.IsDrained.ShouldBeFalse();
        stream.Output.Complete();
        io.Session.IsDrained.ShouldBeTrue();
    }

    /// <summary>Makes the window of a stream grow: a round trip of 100 ms, and a reader that is faster.</summary>
    private static void Grow(SansIo io, Streams.YamuxStream stream, int window)
    {
        var ping = io.TakeFrames().Single(static frame => frame.Type == FrameType.Ping);
        io.Now += 100;
        io.Receive(FrameType.Ping, FrameFlags.Ack, 0, ping.Length);
        while (stream.Input.Window < window)
        {
            io.Data(FrameFlags.None, (uint)stream.Id, new byte[stream.Input.Window / 2]);
            SansIo.ReadAll(stream);
        }
    }
}
