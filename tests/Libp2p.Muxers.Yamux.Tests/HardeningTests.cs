using Libp2p.Muxers.Yamux.Tests.Support;
using Libp2p.Muxers.Yamux.Wire;
using Libp2p.TestKit;

namespace Libp2p.Muxers.Yamux.Tests;

/// <summary>Bad input and attacks, over a real connection. Names begin with the row of the list of attacks that they answer.</summary>
public class HardeningTests
{
    private const int Window = 256 * 1024;

    [Fact]
    public async Task Row20_A_stream_opened_with_more_than_the_window_ends_the_connection()
    {
        await using var peer = await RawPeer.CreateAsync();
        await peer.DataAsync(FrameFlags.Syn, 1, new byte[Window + 1]);
        await peer.ShouldGoAwayAsync();
    }

    [Fact]
    public async Task Row20_A_stream_opened_with_exactly_the_window_is_fine()
    {
        await using var peer = await RawPeer.CreateAsync();
        await peer.DataAsync(FrameFlags.Syn | FrameFlags.Fin, 1, new byte[Window]);
        var stream = (await peer.Connection.AcceptStreamAsync().Within()).ShouldNotBeNull();
        (await stream.Input.ReadToEndAsync().Within()).Length.ShouldBe(Window);
        await peer.ShouldServeAsync(3);
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(uint.MaxValue - Window + 1)]
    public async Task Row21_Credit_beyond_32_bits_ends_the_connection(uint delta)
    {
        await using var peer = await RawPeer.CreateAsync();
        await peer.SendAsync(FrameType.WindowUpdate, FrameFlags.Syn, 1, 0);
        await peer.SendAsync(FrameType.WindowUpdate, FrameFlags.None, 1, delta);
        await peer.ShouldGoAwayAsync();
    }

    [Fact]
    public async Task Row21_Credit_up_to_32_bits_is_used()
    {
        await using var peer = await RawPeer.CreateAsync();
        await peer.SendAsync(FrameType.WindowUpdate, FrameFlags.Syn, 1, uint.MaxValue - Window);
        await peer.ShouldServeAsync(3);
    }

    [Fact]
    public async Task Row22_A_ping_flood_from_a_peer_that_does_not_read_ends_the_connection_with_few_pongs()
    {
        await using var peer = await RawPeer.CreateAsync(wire: new BytePairOptions { Capacity = 64 });
        peer.Wire.ToDialer.Stall();
        peer.Wire.ToListener.Inject(Repeat(100_000, static i => new YamuxHeader(FrameType.Ping, FrameFlags.Syn, 0, (uint)i)));
        (await peer.Connection.Completion.Within()).Cause.ShouldBeOfType<MuxerException>();
        peer.Wire.ToDialer.Sent.ShouldBeLessThanOrEqualTo((32 + 1) * YamuxHeader.Size);
    }

    [Fact]
    public async Task Row22_Pings_are_answered_with_their_value()
    {
        await using var peer = await RawPeer.CreateAsync();
        foreach (var value in new uint[] { 0, 1, uint.MaxValue })
        {
            await peer.SendAsync(FrameType.Ping, FrameFlags.Syn, 0, value);
            var pong = (await peer.ReadAsync()).ShouldNotBeNull();
            pong.Header.ShouldBe(new YamuxHeader(FrameType.Ping, FrameFlags.Ack, 0, value));
        }
    }

    [Fact]
    public async Task Row23_Streams_beyond_the_backlog_are_reset_and_the_others_served()
    {
        await using var peer = await RawPeer.CreateAsync();
        await peer.SendAsync(Repeat(2000, static i => new YamuxHeader(FrameType.WindowUpdate, FrameFlags.Syn, (uint)((2 * i) + 1), 0)));
        for (var i = 256; i < 2000; i++)
        {
            var reset = (await peer.ReadAsync()).ShouldNotBeNull();
            reset.Header.ShouldBe(new YamuxHeader(FrameType.WindowUpdate, FrameFlags.Rst, (uint)((2 * i) + 1), StreamErrorCode.ResourceLimitExceeded.Value));
        }

        for (var i = 0; i < 256; i++)
        {
            (await peer.Connection.AcceptStreamAsync().Within()).ShouldNotBeNull().Id.ShouldBe((ulong)((2 * i) + 1));
        }

        await peer.ShouldServeAsync(5001);
    }

    [Fact]
    public async Task Row23_Open_streams_are_limited_and_closing_one_makes_room()
    {
        await using var peer = await RawPeer.CreateAsync(new YamuxOptions { MaxInboundStreams = 10 });
        var accepted = new List<IMuxedStream>();
        for (var i = 0; i < 10; i++)
        {
            await peer.DataAsync(FrameFlags.Syn | FrameFlags.Fin, (uint)((2 * i) + 1), [1]);
            accepted.Add((await peer.Connection.AcceptStreamAsync().Within()).ShouldNotBeNull());
        }

        await peer.DataAsync(FrameFlags.Syn, 101, new byte[1000]);
        (await peer.ReadAsync()).ShouldNotBeNull().Header
            .ShouldBe(new YamuxHeader(FrameType.WindowUpdate, FrameFlags.Rst, 101, StreamErrorCode.ResourceLimitExceeded.Value));
        await peer.DataAsync(FrameFlags.Fin, 101, new byte[1000]); // under way when it was refused
        await accepted[3].DisposeAsync();
        await peer.ReadUntilAsync(static frame => (frame.Flags & FrameFlags.Fin) != 0);
        await peer.ShouldServeAsync(103);
    }

    [Fact]
    public async Task Row24_When_unread_data_reaches_the_cap_the_greediest_stream_is_reset_and_the_others_go_on()
    {
        var options = new YamuxOptions { MaxUnreadBytes = 1024 * 1024 };
        using var scope = new TestScope();
        await using var peer = await RawPeer.CreateAsync(options, scope: scope);
        await peer.DataAsync(FrameFlags.Syn, 1, new byte[30_000]);
        await peer.DataAsync(FrameFlags.Syn, 3, new byte[200_000]); // the greediest
        var id = 5u;
        Frame frame;
        do
        {
            id.ShouldBeLessThan(100u);
            await peer.DataAsync(FrameFlags.Syn, id, new byte[30_000]);
            id += 2;
            await peer.SendAsync(FrameType.Ping, FrameFlags.Syn, 0, 0);
            frame = (await peer.ReadAsync()).ShouldNotBeNull();
        }
        while (frame.Type == FrameType.Ping);
        frame.Header.ShouldBe(new YamuxHeader(FrameType.WindowUpdate, FrameFlags.Rst, 3, StreamErrorCode.ResourceLimitExceeded.Value));
        peer.Connection.Session.Memory.Held.ShouldBeLessThanOrEqualTo(options.MaxUnreadBytes);
        scope.Most.ShouldBeLessThanOrEqualTo(options.MaxUnreadBytes + 256 * 1024);
        for (var other = 1u; other < id; other += other == 1 ? 4u : 2u)
        {
            var stream = (await peer.Connection.AcceptStreamAsync().Within()).ShouldNotBeNull();
            stream.Id.ShouldBe(other);
            (await stream.Input.ReadExactlyAsync(30_000).Within()).Length.ShouldBe(30_000);
        }

        await peer.ShouldServeAsync(101);
    }

    [Fact]
    public async Task Row24_A_thousand_full_windows_hold_no_more_than_the_cap()
    {
        var options = new YamuxOptions { MaxUnreadBytes = 4 * 1024 * 1024, AcceptBacklog = 1000 };
        await using var peer = await RawPeer.CreateAsync(options);
        var reading = peer.Wire.Dialer.Input.DrainAsync();
        for (uint id = 1; id < 2000; id += 2)
        {
            await peer.DataAsync(FrameFlags.Syn, id, new byte[Window]);
            peer.Connection.Session.Memory.Held.ShouldBeLessThanOrEqualTo(options.MaxUnreadBytes);
        }

        peer.Connection.Completion.IsCompleted.ShouldBeFalse();
        await peer.Connection.DisposeAsync();
        await reading.Within();
    }

    [Fact]
    public async Task Row25_Data_of_an_unknown_stream_is_drained_up_to_one_window()
    {
        await using var peer = await RawPeer.CreateAsync();
        for (var i = 0; i < 4; i++)
        {
            await peer.DataAsync(FrameFlags.None, 999, new byte[Window / 4]);
        }

        await peer.ShouldServeAsync(1);
        peer.Connection.Session.Memory.Held.ShouldBe(0);
        await peer.DataAsync(FrameFlags.None, 999, new byte[1]);
        await peer.ShouldGoAwayAsync();
    }

    [Fact]
    public async Task Row25_What_was_under_way_when_a_stream_was_reset_here_is_drained()
    {
        await using var peer = await RawPeer.CreateAsync();
        for (uint id = 1; id < 20; id += 2)
        {
            await peer.DataAsync(FrameFlags.Syn, id, [1]);
            (await peer.Connection.AcceptStreamAsync().Within()).ShouldNotBeNull().Abort(StreamSide.Both, new StreamErrorCode(5));
            (await peer.ReadAsync()).ShouldNotBeNull().Header.ShouldBe(new YamuxHeader(FrameType.WindowUpdate, FrameFlags.Rst, id, 5));
            await peer.DataAsync(FrameFlags.Fin, id, new byte[Window - 1]);
        }

        await peer.ShouldServeAsync(101);
    }

    [Theory]
    [InlineData("000000010000000100000000 000000010000000100000000")] // duplicate SYN
    [InlineData("000100010000000100000000 000100010000000100000000")] // duplicate SYN in window updates
    [InlineData("000000010000000200000000")] // a number of this side
    [InlineData("000000000000000000000001 00")] // data on the session
    [InlineData("000100000000000000000001")] // credit on the session
    [InlineData("010000010000000100000000")] // version 1
    [InlineData("000400000000000000000000")] // type 4
    [InlineData("000000100000000100000000")] // flag 16
    [InlineData("000080000000000100000000")] // the highest flag
    public async Task Row26_Frames_against_the_rules_end_the_connection(string hex)
    {
        await using var peer = await RawPeer.CreateAsync();
        await peer.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        await peer.ShouldGoAwayAsync();
    }

    [Fact]
    public async Task Row27_One_byte_over_the_window_ends_the_connection()
    {
        await using var peer = await RawPeer.CreateAsync();
        await peer.DataAsync(FrameFlags.Syn, 1, new byte[Window - 10]);
        await peer.DataAsync(FrameFlags.None, 1, new byte[10]);
        await peer.ShouldServeAsync(3);
        await peer.DataAsync(FrameFlags.None, 1, new byte[1]);
        await peer.ShouldGoAwayAsync();
    }

    [Fact]
    public async Task Row28_A_frame_that_announces_a_huge_body_ends_the_connection_before_the_body_comes()
    {
        await using var peer = await RawPeer.CreateAsync();
        await peer.SendAsync(FrameType.WindowUpdate, FrameFlags.Syn, 1, 0);
        await peer.SendAsync(FrameType.Data, FrameFlags.None, 1, 0x7FFF_FFFF);
        await peer.ShouldGoAwayAsync();
    }

    [Fact]
    public async Task Row28_The_largest_frame_accepted_is_an_option()
    {
        await using var peer = await RawPeer.CreateAsync(new YamuxOptions { MaxFrameLength = 16 * 1024 });
        await peer.DataAsync(FrameFlags.Syn, 1, new byte[16 * 1024]);
        await peer.ShouldServeAsync(3);
        await peer.DataAsync(FrameFlags.None, 1, new byte[(16 * 1024) + 1]);
        await peer.ShouldGoAwayAsync();
    }

    [Fact]
    public async Task Row28_Frames_sent_are_no_larger_than_a_noise_record_holds()
    {
        await using var peer = await RawPeer.CreateAsync();
        await peer.SendAsync(FrameType.WindowUpdate, FrameFlags.Syn, 1, 16 * 1024 * 1024);
        var stream = (await peer.Connection.AcceptStreamAsync().Within()).ShouldNotBeNull();
        var sent = DuplexBytes.Pattern(1_000_000);
        var writing = stream.Output.WriteToEndAsync(sent, sent.Length);
        var received = new List<byte>();
        while (received.Count < sent.Length)
        {
            var frame = (await peer.ReadAsync()).ShouldNotBeNull();
            frame.Body.Length.ShouldBeLessThanOrEqualTo(65519 - YamuxHeader.Size);
            received.AddRange(frame.Body);
        }

        received.ToArray().AsSpan().SequenceEqual(sent).ShouldBeTrue();
        await writing.Within();
    }

    [Fact]
    public async Task Row29_Opening_and_resetting_streams_without_end_ends_the_connection()
    {
        var options = new YamuxOptions { ResetBurst = 100 };
        await using var peer = await RawPeer.CreateAsync(options, TestRuntime.Fake());
        await peer.SendAsync(Churn(1, 105));
        await peer.ShouldServeAsync(1001);
        await peer.SendAsync(Churn(2001, 1));
        await peer.ShouldGoAwayAsync();
    }

    [Fact]
    public async Task Row29_At_an_ordinary_rate_streams_may_be_opened_and_reset_for_ever()
    {
        var options = new YamuxOptions { ResetBurst = 10, ResetsPerSecond = 10, KeepAliveInterval = Timeout.InfiniteTimeSpan };
        var runtime = TestRuntime.Fake();
        await using var peer = await RawPeer.CreateAsync(options, runtime);
        for (uint i = 0; i < 30; i++)
        {
            await peer.SendAsync(Churn(1 + (20 * i), 10));
            await peer.ShouldServeAsync(100_001 + (2 * i));
            runtime.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Row30_A_send_that_does_not_end_ends_the_connection()
    {
        var runtime = TestRuntime.Fake();
        await using var peer = await RawPeer.CreateAsync(runtime: runtime, wire: new BytePairOptions { Capacity = 100_000 });
        await peer.SendAsync(FrameType.WindowUpdate, FrameFlags.Syn, 1, 0);
        var stream = (await peer.Connection.AcceptStreamAsync().Within()).ShouldNotBeNull();
        var writing = stream.Output.WriteAsync(new byte[200_000]).AsTask();
        var took = await runtime.DriveAsync(peer.Connection.Completion, TimeSpan.FromSeconds(11));
        took.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(9.5));
        (await peer.Connection.Completion).Cause.ShouldBeOfType<MuxerException>();
        await Should.ThrowAsync<StreamResetException>(() => writing.Within());
    }

    [Fact]
    public async Task Row30_Pings_go_out_every_keepalive_and_an_answer_keeps_the_connection()
    {
        var runtime = TestRuntime.Fake();
        await using var peer = await RawPeer.CreateAsync(runtime: runtime);
        for (var i = 0; i < 3; i++)
        {
            runtime.Clock.Advance(TimeSpan.FromSeconds(30));
            var ping = await peer.ReadUntilAsync(static frame => frame.Type == FrameType.Ping);
            (ping.Flags, ping.Stream).ShouldBe((FrameFlags.Syn, 0u));
            await peer.SendAsync(FrameType.Ping, FrameFlags.Ack, 0, ping.Length);
            await peer.ShouldServeAsync((uint)((2 * i) + 1)); // the answer has been read
        }

        peer.Connection.Completion.IsCompleted.ShouldBeFalse();
        runtime.Clock.Advance(TimeSpan.FromSeconds(30));
        await peer.ReadUntilAsync(static frame => frame.Type == FrameType.Ping);
        runtime.Clock.Advance(TimeSpan.FromSeconds(10));
        (await peer.Connection.Completion.Within()).Cause.ShouldBeOfType<MuxerException>();
    }

    [Fact]
    public async Task A_stream_that_this_side_is_done_with_is_reset_when_the_remote_never_ends_it()
    {
        var runtime = TestRuntime.Fake();
        await using var peer = await RawPeer.CreateAsync(new YamuxOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan }, runtime);
        await peer.SendAsync(FrameType.WindowUpdate, FrameFlags.Syn, 1, 0);
        await (await peer.Connection.AcceptStreamAsync().Within()).ShouldNotBeNull().DisposeAsync();
        (await peer.ReadAsync()).ShouldNotBeNull().Flags.ShouldBe(FrameFlags.Ack | FrameFlags.Fin);
        peer.Connection.Session.StreamCount.ShouldBe(1);
        runtime.Clock.Advance(TimeSpan.FromSeconds(60));
        runtime.Clock.Advance(TimeSpan.FromSeconds(30));
        (await peer.ReadAsync()).ShouldNotBeNull().Flags.ShouldBe(FrameFlags.Rst);
        peer.Connection.Session.StreamCount.ShouldBe(0);
        await peer.ShouldServeAsync(3);
    }

    private static byte[] Churn(uint first, int count) =>
        [.. Enumerable.Range(0, count).SelectMany(i =>
        {
            var id = first + (uint)(2 * i);
            return Repeat(2, n => new YamuxHeader(FrameType.WindowUpdate, n == 0 ? FrameFlags.Syn : FrameFlags.Rst, id, 0));
        })];

    private static byte[] Repeat(int count, Func<int, YamuxHeader> header)
    {
        var bytes = new byte[count * YamuxHeader.Size];
        for (var i = 0; i < count; i++)
        {
            header(i).Write(bytes.AsSpan(i * YamuxHeader.Size));
        }

        return bytes;
    }
}
