using Libp2p.Muxers.Yamux.Streams;
using Libp2p.Muxers.Yamux.Tests.Support;
using Libp2p.Muxers.Yamux.Wire;
using Libp2p.TestKit;

namespace Libp2p.Muxers.Yamux.Tests;

/// <summary>Credit, windows and the output's order, without I/O and in virtual time.</summary>
public class FlowControlTests
{
    private const int Window = 256 * 1024;

    [Fact]
    public void Credit_returns_when_half_the_window_was_consumed_and_not_before()
    {
        var (io, stream) = Accepted();
        io.Data(FrameFlags.None, 1, new byte[Window]);
        io.Take().ShouldBeEmpty();
        Consume(stream, (Window / 2) - 1);
        io.Take().ShouldBeEmpty();
        Consume(stream, 1);
        Updates(io).ShouldHaveSingleItem().ShouldBe((uint)Window / 2);
        io.Data(FrameFlags.None, 1, new byte[Window / 2]);
        Should.Throw<MuxerException>(() => io.Data(FrameFlags.None, 1, new byte[1]));
    }

    [Fact]
    public void Looking_at_data_returns_no_credit()
    {
        var (io, stream) = Accepted();
        io.Data(FrameFlags.None, 1, new byte[Window]);
        stream.Input.TryRead(out var read).ShouldBeTrue();
        stream.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        stream.Input.TryRead(out _).ShouldBeFalse();
        io.Take().ShouldBeEmpty();
    }

    [Fact]
    public void Several_returns_of_credit_before_a_send_share_a_frame()
    {
        var (io, stream) = Accepted();
        for (var i = 0; i < 5; i++)
        {
            io.Data(FrameFlags.None, 1, new byte[Window / 2]);
            SansIo.ReadAll(stream);
        }

        Updates(io).ShouldHaveSingleItem().ShouldBe(5u * Window / 2);
    }

    [Fact]
    public void The_window_doubles_while_half_of_it_is_consumed_within_four_round_trips()
    {
        var (io, stream) = Accepted();
        Measure(io, stream, roundTrip: 100);
        foreach (var expected in new[] { 512, 1024, 2048, 4096, 8192, 16384, 16384 })
        {
            io.Now += expected == 512 ? 299 : 399; // the measurement took 100
            var before = stream.Input.Window;
            io.Data(FrameFlags.None, 1, new byte[before / 2]);
            SansIo.ReadAll(stream);
            stream.Input.Window.ShouldBe(expected * 1024);
            Updates(io).Sum(static delta => delta).ShouldBe((before / 2) + stream.Input.Window - before);
        }
    }

    [Fact]
    public void A_slow_reader_keeps_its_window()
    {
        var (io, stream) = Accepted();
        Measure(io, stream, roundTrip: 100);
        for (var i = 0; i < 10; i++)
        {
            io.Now += 400;
            io.Data(FrameFlags.None, 1, new byte[Window / 2]);
            SansIo.ReadAll(stream);
            stream.Input.Window.ShouldBe(Window);
        }
    }

    [Fact]
    public void Row24_All_windows_together_grow_by_no_more_than_the_limit_and_closing_a_stream_makes_room()
    {
        using var scope = new TestScope();
        var io = new SansIo(new YamuxOptions { MaxGrownCredit = 1024 * 1024 }, dialer: false, scope);
        var streams = new List<YamuxStream>();
        for (uint id = 1; id <= 7; id += 2)
        {
            io.Data(FrameFlags.Syn, id, new byte[1]);
            streams.Add(io.Accept());
            SansIo.ReadAll(streams[^1]);
        }

        Measure(io, streams[0], roundTrip: 100);
        for (var round = 0; round < 10; round++)
        {
            foreach (var stream in streams)
            {
                io.Data(FrameFlags.None, (uint)stream.Id, new byte[stream.Input.Window / 2]);
                SansIo.ReadAll(stream);
                streams.Sum(static s => (long)s.Input.Window - Window).ShouldBeLessThanOrEqualTo(1024 * 1024);
            }
        }

        streams.Sum(static s => (long)s.Input.Window - Window).ShouldBe(1024 * 1024);
        scope.Reserved.ShouldBeGreaterThanOrEqualTo(1024 * 1024);
        var last = streams[^1];
        var grew = last.Input.Window;
        foreach (var stream in streams[..^1])
        {
            stream.Abort(StreamSide.Both, StreamErrorCode.None);
        }

        for (var i = 0; i < 4; i++)
        {
            io.Data(FrameFlags.None, (uint)last.Id, new byte[last.Input.Window / 2]);
            SansIo.ReadAll(last);
        }

        last.Input.Window.ShouldBeGreaterThan(grew);
        io.Session.End(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: false), 0);
        io.Session.Memory.Close();
        scope.Reserved.ShouldBe(0);
    }

    [Fact]
    public void Row24_A_scope_that_refuses_keeps_windows_small_and_data_flowing()
    {
        using var scope = new TestScope(limit: 240 * 1024);
        var io = new SansIo(dialer: false, scope: scope);
        io.Data(FrameFlags.Syn, 1, new byte[1]);
        var stream = io.Accept();
        SansIo.ReadAll(stream);
        Measure(io, stream, roundTrip: 100);
        for (var i = 0; i < 50; i++)
        {
            io.Data(FrameFlags.None, 1, new byte[stream.Input.Window / 2]);
            SansIo.ReadAll(stream).Length.ShouldBe(stream.Input.Window / 2);
        }

        stream.Input.Window.ShouldBe(Window);
        scope.Most.ShouldBeLessThanOrEqualTo(240 * 1024);
        stream.Aborted.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public void Row24_Under_pressure_windows_do_not_grow_and_those_that_grew_shrink_as_they_are_used()
    {
        using var scope = new TestScope();
        var io = new SansIo(dialer: false, scope: scope);
        io.Data(FrameFlags.Syn, 1, new byte[1]);
        var stream = io.Accept();
        SansIo.ReadAll(stream);
        Measure(io, stream, roundTrip: 100);
        for (var i = 0; i < 3; i++) Use();
        stream.Input.Window.ShouldBeGreaterThan(2 * Window);
        var before = scope.Reserved;

        // What the remote was granted it may send; what comes back is not granted again.
        scope.Pressure = ResourcePressure.Shrink;
        for (var i = 0; i < 10; i++) Use();
        stream.Input.Window.ShouldBe(Window);
        scope.Reserved.ShouldBeLessThan(before);
        Updates(io);
        io.Data(FrameFlags.None, 1, new byte[Window / 2]);
        SansIo.ReadAll(stream);
        Updates(io).Sum(static delta => delta).ShouldBe(Window / 2);
        stream.Input.Window.ShouldBe(Window);
        scope.Pressure = ResourcePressure.None;
        Use();
        stream.Input.Window.ShouldBe(2 * Window);
        io.Session.End(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: false), 0);
        io.Session.Memory.Close();
        scope.Reserved.ShouldBe(0);

        void Use()
        {
            io.Data(FrameFlags.None, 1, new byte[stream.Input.Window / 2]);
            SansIo.ReadAll(stream);
        }
    }

    [Fact]
    public void Discarded_data_returns_its_credit_whether_it_was_there_or_still_comes()
    {
        var (io, stream) = Accepted();
        io.Data(FrameFlags.None, 1, new byte[100_000]);
        stream.Input.TryRead(out var read).ShouldBeTrue();
        stream.Input.Complete();
        io.Data(FrameFlags.None, 1, new byte[100_000]);
        Updates(io).ShouldHaveSingleItem().ShouldBe(200_000u);
        for (var i = 0; i < 100; i++)
        {
            io.Data(FrameFlags.None, 1, new byte[100_000]);
            io.Data(FrameFlags.None, 1, new byte[100_000]);
            Updates(io).Sum(static delta => delta).ShouldBe(200_000);
        }

        io.Session.Memory.Held.ShouldBe(0);
    }

    [Fact]
    public void Credit_follows_the_data_that_carries_the_opening()
    {
        var io = new SansIo();
        var stream = io.Session.Open();
        stream.Write(new byte[10]);
        io.Data(FrameFlags.Ack, 1, new byte[Window]);
        SansIo.ReadAll(stream);
        io.TakeFrames().Where(static frame => frame.Stream == 1).Select(static frame => (frame.Type, frame.Flags))
            .ShouldBe([(FrameType.Data, FrameFlags.Syn), (FrameType.WindowUpdate, FrameFlags.None)]);
    }

    [Fact]
    public void A_writer_without_credit_waits_and_goes_on_with_what_it_gets()
    {
        var io = new SansIo();
        var stream = io.Session.Open();
        var sent = DuplexBytes.Pattern(Window + 1000);
        var received = new List<byte>();
        var writing = stream.Write(sent);
        Collect(io, received);
        received.Count.ShouldBe(Window);
        foreach (var credit in new uint[] { 1, 99, 900 })
        {
            writing.IsCompleted.ShouldBeFalse();
            io.Receive(FrameType.WindowUpdate, FrameFlags.None, 1, credit);
            Collect(io, received);
        }

        writing.IsCompletedSuccessfully.ShouldBeTrue();
        received.ToArray().AsSpan().SequenceEqual(sent).ShouldBeTrue();
        stream.SendWindow.ShouldBe(0);
    }

    [Fact]
    public void One_stream_without_credit_does_not_hold_another()
    {
        var io = new SansIo();
        var blocked = io.Session.Open();
        var writing = blocked.Write(new byte[Window + 1]);
        io.Take();
        writing.IsCompleted.ShouldBeFalse();
        var other = io.Session.Open();
        other.Write(new byte[100]).IsCompletedSuccessfully.ShouldBeTrue();
        io.TakeFrames().ShouldHaveSingleItem().Stream.ShouldBe(3u);
    }

    [Fact]
    public void The_output_holds_no_more_than_its_limit_and_writers_wait_for_room()
    {
        var io = new SansIo(new YamuxOptions { SendBufferSize = 64 * 1024 });
        var writes = new List<Task>();
        for (var i = 0; i < 5; i++)
        {
            writes.Add(io.Session.Open().Write(new byte[50_000]));
        }

        writes.Count(static write => write.IsCompleted).ShouldBe(1);
        var total = 0;
        for (var i = 0; i < 20 && total < 250_000; i++)
        {
            var bytes = io.Take();
            bytes.Length.ShouldBeLessThan(300_000);
            total += Frame.ReadAll(bytes).Sum(static frame => frame.Body.Length);
        }

        total.ShouldBe(250_000);
        writes.ShouldAllBe(static write => write.IsCompletedSuccessfully);
    }

    [Fact]
    public void Completing_without_credit_for_the_rest_sends_it_and_the_end_later()
    {
        var io = new SansIo();
        var stream = io.Session.Open();
        stream.Write(new byte[Window]);
        io.Take();
        new byte[] { 1, 2, 3 }.CopyTo(stream.Output.GetSpan(3));
        stream.Output.Advance(3);
        stream.Output.Complete();
        io.Take().ShouldBeEmpty();
        stream.WritesClosed.IsCompleted.ShouldBeFalse();
        io.Receive(FrameType.WindowUpdate, FrameFlags.None, 1, 2);
        io.Receive(FrameType.WindowUpdate, FrameFlags.None, 1, 2);
        var frames = io.TakeFrames();
        frames.SelectMany(static frame => frame.Body).ShouldBe([1, 2, 3]);
        frames[^1].Flags.ShouldBe(FrameFlags.Fin);
        stream.WritesClosed.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_cancelled_flush_keeps_what_it_did_not_send_for_the_next_one()
    {
        var io = new SansIo();
        var stream = io.Session.Open();
        var sent = DuplexBytes.Pattern(Window + 5000);
        var received = new List<byte>();
        using var cancel = new CancellationTokenSource();
        var writing = stream.Write(sent, cancel.Token);
        Collect(io, received);
        await cancel.CancelAsync();
        writing.IsCanceled.ShouldBeTrue();
        stream.Output.UnflushedBytes.ShouldBe(5000);
        var next = stream.Write("behind it"u8.ToArray());
        stream.Output.CancelPendingFlush();
        (await next).IsCanceled.ShouldBeTrue();
        stream.Output.UnflushedBytes.ShouldBe(5009);
        var last = stream.Flush();
        io.Receive(FrameType.WindowUpdate, FrameFlags.None, 1, 100_000);
        last.IsCompletedSuccessfully.ShouldBeTrue();
        Collect(io, received);
        received.ToArray().AsSpan().SequenceEqual([.. sent, .. "behind it"u8]).ShouldBeTrue();
    }

    [Fact]
    public void Memory_asked_for_in_any_size_is_sent_in_order()
    {
        var io = new SansIo();
        var stream = io.Session.Open();
        var sent = DuplexBytes.Pattern(200_000);
        var received = new List<byte>();
        var at = 0;
        foreach (var (hint, use) in new[] { (0, 1), (10, 10), (0, 5000), (16_000, 16_000), (70_000, 70_000), (1, 1), (100_000, 50_000), (0, 0) })
        {
            sent.AsSpan(at, use).CopyTo(stream.Output.GetSpan(hint));
            stream.Output.Advance(use);
            at += use;
        }

        stream.Output.UnflushedBytes.ShouldBe(at);
        stream.Flush().IsCompletedSuccessfully.ShouldBeTrue();
        stream.Output.UnflushedBytes.ShouldBe(0);
        Collect(io, received);
        received.ToArray().AsSpan().SequenceEqual(sent.AsSpan(0, at)).ShouldBeTrue();
        Should.Throw<ArgumentOutOfRangeException>(() => stream.Output.Advance(1));
    }

    [Fact]
    public void Row30_Silence_after_a_ping_and_a_send_that_hangs_are_found_in_time()
    {
        var silent = new SansIo();
        silent.Session.HandleTimeout(29_999).ShouldBe(30_000);
        silent.Take().ShouldBeEmpty();
        silent.Session.HandleTimeout(30_000).ShouldBe(40_000);
        silent.TakeFrames().ShouldHaveSingleItem().Type.ShouldBe(FrameType.Ping);
        silent.Session.HandleTimeout(39_999);
        silent.IsEnded.ShouldBeFalse();
        silent.Session.HandleTimeout(40_000);
        silent.IsEnded.ShouldBeTrue();

        var hanging = new SansIo();
        hanging.Session.WriteStarted(5_000);
        hanging.Session.HandleTimeout(14_999).ShouldBe(15_000);
        hanging.IsEnded.ShouldBeFalse();
        hanging.Session.WriteEnded();
        hanging.Session.HandleTimeout(15_000).ShouldBe(30_000);
        hanging.Session.WriteStarted(20_000);
        hanging.Session.HandleTimeout(30_000);
        hanging.IsEnded.ShouldBeTrue();
    }

    [Fact]
    public void Row22_Control_frames_stop_the_receiver_until_they_have_left()
    {
        var io = new SansIo(new YamuxOptions { MaxQueuedControlFrames = 32, AcceptBacklog = 1 }, dialer: false);
        var flood = new byte[100 * YamuxHeader.Size];
        for (var i = 0; i < 100; i++)
        {
            new YamuxHeader(FrameType.WindowUpdate, FrameFlags.Syn, (uint)((2 * i) + 1), 0).Write(flood.AsSpan(i * YamuxHeader.Size));
        }

        var rest = flood.AsMemory();
        var resets = 0;
        while (!rest.IsEmpty)
        {
            rest = rest[io.Receive(rest)..];
            var taken = io.TakeFrames().Count;
            taken.ShouldBeLessThanOrEqualTo(32);
            resets += taken;
        }

        resets.ShouldBe(99);
    }

    private static (SansIo Io, YamuxStream Stream) Accepted()
    {
        var io = new SansIo(dialer: false);
        io.Receive(FrameType.WindowUpdate, FrameFlags.Syn, 1, 0);
        var stream = io.Accept();
        stream.Flush();
        io.Take();
        return (io, stream);
    }

    private static void Consume(YamuxStream stream, int count)
    {
        stream.Input.TryRead(out var read).ShouldBeTrue();
        stream.Input.AdvanceTo(read.Buffer.GetPosition(count));
    }

    /// <summary>Consumes half a window, so that the session asks for the round trip; then answers it.</summary>
    private static void Measure(SansIo io, YamuxStream stream, long roundTrip)
    {
        io.Data(FrameFlags.None, (uint)stream.Id, new byte[Window / 2]);
        SansIo.ReadAll(stream);
        var ping = io.TakeFrames().Single(static frame => frame.Type == FrameType.Ping);
        io.Now += roundTrip;
        io.Receive(FrameType.Ping, FrameFlags.Ack, 0, ping.Length);
        io.Session.RoundTrip.ShouldBe(roundTrip);
    }

    /// <summary>The credit in the output.</summary>
    private static List<uint> Updates(SansIo io) =>
        [.. io.TakeFrames().Where(static frame => frame.Type == FrameType.WindowUpdate).Select(static frame => frame.Length)];

    private static void Collect(SansIo io, List<byte> received)
    {
        while (io.TakeFrames() is { Count: > 0 } frames)
        {
            foreach (var frame in frames)
            {
                received.AddRange(frame.Body);
            }
        }
    }
}
