using Libp2p.Muxers.Yamux.Tests.Support;
using Libp2p.Muxers.Yamux.Wire;

namespace Libp2p.Muxers.Yamux.Tests;

/// <summary>How streams open, end and reset, frame by frame, without I/O.</summary>
public class OpeningTests
{
    [Fact]
    public void Opening_sends_nothing_and_the_first_data_carries_SYN()
    {
        var io = new SansIo();
        var stream = io.Session.Open();
        io.IsOutputReady.ShouldBeFalse();
        stream.Write("hello"u8.ToArray()).IsCompletedSuccessfully.ShouldBeTrue();
        var frame = io.TakeFrames().ShouldHaveSingleItem();
        frame.Header.ShouldBe(new YamuxHeader(FrameType.Data, FrameFlags.Syn, 1, 5));
        stream.Write("again"u8.ToArray());
        io.TakeFrames().ShouldHaveSingleItem().Flags.ShouldBe(FrameFlags.None);
    }

    [Fact]
    public void Proposal_request_and_end_leave_together()
    {
        var io = new SansIo();
        var stream = io.Session.Open();
        stream.Write("/multistream/1.0.0"u8.ToArray());
        stream.Write("request"u8.ToArray());
        stream.Output.Complete();
        io.TakeFrames().Select(static frame => (frame.Type, frame.Flags)).ShouldBe(
            [(FrameType.Data, FrameFlags.Syn), (FrameType.Data, FrameFlags.None), (FrameType.Data, FrameFlags.Fin)]);
    }

    [Fact]
    public void What_was_written_before_completing_carries_SYN_and_FIN_in_one_frame()
    {
        var io = new SansIo();
        var stream = io.Session.Open();
        "all"u8.CopyTo(stream.Output.GetSpan(3));
        stream.Output.Advance(3);
        stream.Output.Complete();
        io.TakeFrames().ShouldHaveSingleItem().Header.ShouldBe(new YamuxHeader(FrameType.Data, FrameFlags.Syn | FrameFlags.Fin, 1, 3));
    }

    [Fact]
    public async Task A_flush_and_a_read_announce_a_stream_without_data()
    {
        var io = new SansIo();
        await io.Session.Open().Flush();
        io.TakeFrames().ShouldHaveSingleItem().Header.ShouldBe(new YamuxHeader(FrameType.WindowUpdate, FrameFlags.Syn, 1, 0));
        var second = io.Session.Open();
        var read = second.Input.ReadAsync().AsTask();
        io.TakeFrames().ShouldHaveSingleItem().Header.ShouldBe(new YamuxHeader(FrameType.WindowUpdate, FrameFlags.Syn, 3, 0));
        io.Data(FrameFlags.Ack, 3, [1, 2]);
        read.IsCompletedSuccessfully.ShouldBeTrue();
        (await read).Buffer.Length.ShouldBe(2);
    }

    [Theory]
    [InlineData(true, 1u)]
    [InlineData(false, 2u)]
    public void The_dialer_has_the_odd_numbers(bool dialer, uint first)
    {
        var io = new SansIo(dialer: dialer);
        io.Session.Open().Id.ShouldBe(first);
        io.Session.Open().Id.ShouldBe(first + 2);
    }

    [Fact]
    public void The_first_frame_back_carries_ACK()
    {
        var io = new SansIo(dialer: false);
        io.Data(FrameFlags.Syn, 1, [1]);
        io.TakeFrames().ShouldBeEmpty();
        var stream = io.Accept();
        io.TakeFrames().ShouldBeEmpty();
        stream.Write(new byte[3]);
        stream.Output.Complete();
        io.TakeFrames().Select(static frame => frame.Flags).ShouldBe([FrameFlags.Ack, FrameFlags.Fin]);
    }

    [Fact]
    public void A_stream_that_is_only_read_is_acknowledged_when_its_reader_waits()
    {
        var io = new SansIo(dialer: false);
        io.Data(FrameFlags.Syn, 1, [1]);
        var stream = io.Accept();
        SansIo.ReadAll(stream).Length.ShouldBe(1);
        var waiting = stream.Input.ReadAsync().AsTask();
        io.TakeFrames().ShouldHaveSingleItem().Header.ShouldBe(new YamuxHeader(FrameType.WindowUpdate, FrameFlags.Ack, 1, 0));
        waiting.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void A_stream_reset_before_it_was_announced_is_never_heard_of()
    {
        var io = new SansIo();
        var stream = io.Session.Open();
        stream.Abort(StreamSide.Both, new StreamErrorCode(7));
        io.Take().ShouldBeEmpty();
        io.Session.StreamCount.ShouldBe(0);
    }

    [Fact]
    public void Unacknowledged_streams_are_limited_and_an_acknowledgement_lets_the_first_who_waits_go_on()
    {
        var io = new SansIo(new YamuxOptions { MaxUnacknowledgedStreams = 2 });
        io.Session.Open().Flush();
        io.Session.Open();
        io.Session.TryOpen(out var cancelled).ShouldBeNull();
        io.Session.TryOpen(out var opener).ShouldBeNull();
        using var giveUp = new CancellationTokenSource();
        var gaveUp = cancelled!.WaitAsync(giveUp.Token);
        var wait = opener!.WaitAsync(CancellationToken.None);
        giveUp.Cancel();
        Should.Throw<OperationCanceledException>(() => gaveUp.GetAwaiter().GetResult());
        wait.IsCompleted.ShouldBeFalse();

        io.Receive(FrameType.WindowUpdate, FrameFlags.Ack, 1, 0);
        wait.IsCompletedSuccessfully.ShouldBeTrue();
        io.Receive(FrameType.WindowUpdate, FrameFlags.Ack, 1, 0);
        var third = io.Session.Open();
        io.Session.TryOpen(out opener).ShouldBeNull();
        wait = opener!.WaitAsync(CancellationToken.None);
        third.Abort(StreamSide.Both, StreamErrorCode.None);
        wait.IsCompletedSuccessfully.ShouldBeTrue();
        io.Session.Open();
    }

    [Fact]
    public void Before_the_remote_has_sent_anything_few_streams_are_opened_and_it_is_asked_for_an_answer()
    {
        var io = new SansIo(new YamuxOptions { MaxEarlyStreams = 3 });
        for (var i = 0; i < 3; i++)
        {
            io.Session.Open();
        }

        io.Session.TryOpen(out var opener).ShouldBeNull();
        var wait = opener!.WaitAsync(CancellationToken.None);
        var asked = io.TakeFrames();
        asked.Count(frame => frame.Header.Flags == FrameFlags.Syn && frame.Header.Type == FrameType.WindowUpdate).ShouldBe(3);
        var ping = asked.Single(frame => frame.Header.Type == FrameType.Ping);
        wait.IsCompleted.ShouldBeFalse();

        io.Receive(FrameType.Ping, FrameFlags.Ack, 0, ping.Header.Length);
        wait.IsCompletedSuccessfully.ShouldBeTrue();
        for (var i = 3; i < new YamuxOptions().MaxUnacknowledgedStreams; i++)
        {
            io.Session.Open();
        }

        io.Session.TryOpen(out _).ShouldBeNull();
    }

    [Fact]
    public void Who_waits_to_open_learns_of_the_end()
    {
        var io = new SansIo(new YamuxOptions { MaxEarlyStreams = 1 });
        io.Session.Open();
        io.Session.TryOpen(out var opener).ShouldBeNull();
        var wait = opener!.WaitAsync(CancellationToken.None);
        io.Session.End(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: false), goAway: null);
        wait.IsCompletedSuccessfully.ShouldBeTrue();
        Should.Throw<ConnectionClosedException>(() => io.Session.TryOpen(out _));
    }

    [Fact]
    public void Open_streams_of_this_side_are_limited()
    {
        var io = new SansIo(new YamuxOptions { MaxOutboundStreams = 2 });
        var first = io.Session.Open();
        io.Session.Open();
        Should.Throw<MuxerException>(io.Session.Open).Message.ShouldContain(nameof(YamuxOptions.MaxOutboundStreams));
        first.Abort(StreamSide.Both, StreamErrorCode.None);
        io.Session.Open();
    }

    [Fact]
    public void A_stream_leaves_the_table_when_both_ways_have_ended_in_either_order()
    {
        var io = new SansIo();
        foreach (var remoteFirst in new[] { true, false })
        {
            var stream = io.Session.Open();
            stream.Write(new byte[1]);
            if (!remoteFirst)
            {
                stream.Output.Complete();
            }

            io.Session.StreamCount.ShouldBe(1);
            io.Data(FrameFlags.Ack | FrameFlags.Fin, (uint)stream.Id, [1, 2, 3]);
            io.Session.StreamCount.ShouldBe(remoteFirst ? 1 : 0);
            if (remoteFirst)
            {
                stream.Output.Complete();
            }

            io.Session.StreamCount.ShouldBe(0);
            stream.Input.TryRead(out var read).ShouldBeTrue();
            (read.Buffer.Length, read.IsCompleted).ShouldBe((3L, true));
            stream.Input.AdvanceTo(read.Buffer.End);
            stream.Aborted.IsCancellationRequested.ShouldBeFalse();
        }
    }

    [Fact]
    public void A_reset_carries_its_code_both_ways()
    {
        var io = new SansIo(dialer: false);
        io.Data(FrameFlags.Syn, 1, [1]);
        var stream = io.Accept();
        stream.Write(new byte[1]);
        io.Take();
        io.Receive(FrameType.WindowUpdate, FrameFlags.Rst, 1, 0xABCD);
        var error = Should.Throw<StreamResetException>(() => stream.Input.TryRead(out _));
        (error.Code.Value, error.ByRemote).ShouldBe((0xABCDu, true));
        stream.Aborted.IsCancellationRequested.ShouldBeTrue();
        io.Data(FrameFlags.Syn, 3, [1]);
        io.Accept().Abort(StreamSide.Both, new StreamErrorCode(0x1234));
        io.TakeFrames().ShouldHaveSingleItem().Header.ShouldBe(new YamuxHeader(FrameType.WindowUpdate, FrameFlags.Rst, 3, 0x1234));
        io.Session.StreamCount.ShouldBe(0);
    }

    [Fact]
    public void Completing_the_output_with_a_reset_sends_its_code()
    {
        var io = new SansIo(dialer: false);
        io.Data(FrameFlags.Syn, 1, [1]);
        io.Accept().Output.Complete(new StreamResetException(new StreamErrorCode(9), byRemote: false));
        io.TakeFrames().ShouldHaveSingleItem().Header.ShouldBe(new YamuxHeader(FrameType.WindowUpdate, FrameFlags.Rst, 1, 9));
    }

    [Fact]
    public void Ids_run_out_with_an_error_and_not_with_a_wrong_number()
    {
        var io = new SansIo();
        io.Session.NextId = uint.MaxValue - 2;
        io.Session.Open().Id.ShouldBe(uint.MaxValue - 2);
        io.Session.Open().Id.ShouldBe(uint.MaxValue);
        Should.Throw<MuxerException>(io.Session.Open);
    }
}
