using Libp2p.Muxers.Yamux.Tests.Support;
using Libp2p.Muxers.Yamux.Wire;
using Libp2p.TestKit;

namespace Libp2p.Muxers.Yamux.Tests;

/// <summary>The shell: loops, closing, coalescing, misuse.</summary>
public class ConnectionTests
{
    [Fact]
    public async Task Disposing_sends_what_was_written_then_goes_away_then_ends()
    {
        await using var peer = await RawPeer.CreateAsync();
        await peer.SendAsync(FrameType.WindowUpdate, FrameFlags.Syn, 1, 0);
        var stream = (await peer.Connection.AcceptStreamAsync().Within()).ShouldNotBeNull();
        for (var i = 0; i < 50; i++)
        {
            await stream.Output.WriteAsync(new byte[1000]).Within();
        }

        await stream.Output.CompleteAsync();
        var disposing = peer.Connection.DisposeAsync().AsTask();
        var received = 0;
        Frame? frame;
        while ((frame = await peer.ReadAsync())!.Type != FrameType.GoAway)
        {
            received += frame.Body.Length;
        }

        received.ShouldBe(50_000);
        frame.Length.ShouldBe(GoAwayReason.Normal);
        (await peer.ReadAsync()).ShouldBeNull();
        await peer.Wire.Dialer.Output.CompleteAsync();
        await disposing.Within();
        peer.Wire.Listener.IsDisposed.ShouldBeTrue();
        (await peer.Connection.Completion).ShouldBe(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: false));
    }

    [Fact]
    public async Task Disposing_does_not_wait_long_for_a_remote_that_does_not_close()
    {
        await using var peer = await RawPeer.CreateAsync(new YamuxOptions { CloseTimeout = TimeSpan.FromMilliseconds(50) });
        await peer.Connection.DisposeAsync().AsTask().Within();
        peer.Wire.Listener.Aborts.ShouldBe(1);
    }

    [Fact]
    public async Task An_ordinary_go_away_lets_open_streams_end_and_then_the_connection()
    {
        await using var peer = await RawPeer.CreateAsync();
        await peer.DataAsync(FrameFlags.Syn, 1, [1]);
        var stream = (await peer.Connection.AcceptStreamAsync().Within()).ShouldNotBeNull();
        await peer.SendAsync(FrameType.GoAway, FrameFlags.None, 0, 0);
        (await peer.Connection.AcceptStreamAsync().Within()).ShouldBeNull();
        await Should.ThrowAsync<ConnectionClosedException>(() => peer.Connection.OpenStreamAsync().Within());
        await stream.Output.WriteToEndAsync("still here"u8.ToArray());
        (await peer.ReadUntilAsync(static frame => frame.Type == FrameType.Data)).Body.ShouldBe("still here"u8.ToArray());
        peer.Connection.Completion.IsCompleted.ShouldBeFalse();
        await peer.DataAsync(FrameFlags.Fin, 1, []);
        (await peer.Connection.Completion.Within()).ShouldBe(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: true));
    }

    [Fact]
    public async Task Data_received_before_the_connection_was_lost_is_read_before_the_error()
    {
        await using var peer = await RawPeer.CreateAsync();
        await peer.DataAsync(FrameFlags.Syn, 1, "received"u8.ToArray());
        var stream = (await peer.Connection.AcceptStreamAsync().Within()).ShouldNotBeNull();
        await peer.Wire.Dialer.Output.CompleteAsync();
        await peer.Connection.Completion.Within();
        (await stream.Input.ReadExactlyAsync(8).Within()).ShouldBe("received"u8.ToArray());
        var error = await Should.ThrowAsync<StreamResetException>(() => stream.Input.ReadAsync().Within());
        error.ByRemote.ShouldBeTrue();
        error.InnerException.ShouldBeOfType<ConnectionClosedException>();
        await Should.ThrowAsync<StreamResetException>(() => stream.Output.WriteAsync(new byte[1]).Within());
    }

    [Fact]
    public async Task Small_writes_behind_a_busy_wire_share_a_send()
    {
        var wire = BytePair.Create(new BytePairOptions { Capacity = 100_000, Record = true });
        await using var pair = await MuxedPair.OverAsync(new YamuxMuxer(new YamuxOptions { MaxEarlyStreams = 256 }), new YamuxMuxer(), wire);
        var (mine, theirs) = await pair.OpenAsync();
        wire.ToListener.Stall();
        var large = mine.Output.WriteAsync(new byte[200_000]).AsTask(); // holds the wire, which takes no more than 100,000
        var others = new List<IMuxedStream>();
        for (var i = 0; i < 100; i++)
        {
            var other = await pair.Dialer.OpenStreamAsync().Within();
            await other.Output.WriteAsync(new byte[100]).Within();
            await other.Output.CompleteAsync();
            others.Add(other);
        }

        var before = wire.ToListener.Flushes;
        wire.ToListener.Resume();
        await large.Within();
        foreach (var other in others)
        {
            await other.WritesClosed.Within();
        }

        (wire.ToListener.Flushes - before).ShouldBeLessThan(10);
        (await theirs.Input.ReadExactlyAsync(200_000).Within()).Length.ShouldBe(200_000);
    }

    [Fact]
    public async Task A_question_and_its_answer_are_one_send_each()
    {
        var wire = BytePair.Create();
        await using var pair = await MuxedPair.OverAsync(new YamuxMuxer(), new YamuxMuxer(), wire);
        var (mine, theirs) = await pair.OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            var (up, down) = (wire.ToListener.Flushes, wire.ToDialer.Flushes);
            await mine.Output.WriteAsync(new byte[100]).Within();
            wire.ToListener.Flushes.ShouldBe(up + 1); // sent by the writer itself
            await theirs.Input.ReadExactlyAsync(100).Within();
            if (i == 0)
            {
                await Watchdog.Eventually(() => wire.ToDialer.Flushes >= down); // the acknowledgement of the opening may come before
                down = wire.ToDialer.Flushes;
            }

            await theirs.Output.WriteAsync(new byte[100]).Within();
            wire.ToDialer.Flushes.ShouldBeLessThanOrEqualTo(down + 1);
            await mine.Input.ReadExactlyAsync(100).Within();
        }
    }

    [Fact]
    public async Task Sixty_four_streams_carry_a_mebibyte_each_both_ways()
    {
        await using var pair = await MuxedPair.OverAsync(new YamuxMuxer(), new YamuxMuxer(), BytePair.Create(new BytePairOptions { Capacity = 1024 * 1024 }));
        var payload = DuplexBytes.Pattern(1024 * 1024);
        var transfers = new List<Task>();
        for (var i = 0; i < 64; i++)
        {
            var (opened, accepted) = await pair.OpenAsync(fromListener: i % 2 == 0);
            foreach (var (from, to) in new[] { (opened, accepted), (accepted, opened) })
            {
                transfers.Add(from.Output.WriteToEndAsync(payload, 50_000));
                transfers.Add(CheckAsync(to));
            }
        }

        await Task.WhenAll(transfers).Within(TimeSpan.FromSeconds(60));
        await Watchdog.Eventually(() => ((YamuxConnection)pair.Dialer).Session.StreamCount == 0);

        async Task CheckAsync(IMuxedStream stream) => (await stream.Input.ReadToEndAsync()).AsSpan().SequenceEqual(payload).ShouldBeTrue();
    }

    [Fact]
    public async Task Misuse_is_refused_and_leaves_the_stream_usable()
    {
        await using var pair = await MuxedPair.OverAsync(new YamuxMuxer(), new YamuxMuxer(), BytePair.Create());
        var (mine, theirs) = await pair.OpenAsync();
        Should.Throw<InvalidOperationException>(() => mine.Input.AdvanceTo(default));
        var waiting = mine.Input.ReadAsync().AsTask();
        Should.Throw<InvalidOperationException>(() => mine.Input.TryRead(out _));
        Should.Throw<InvalidOperationException>(() => mine.Input.ReadAsync().AsTask());
        await theirs.Output.WriteAsync(new byte[10]).Within();
        var read = await waiting.Within();
        Should.Throw<InvalidOperationException>(() => mine.Input.TryRead(out _));
        Should.Throw<ArgumentOutOfRangeException>(() => mine.Input.AdvanceTo(read.Buffer.End, read.Buffer.Start));
        mine.Input.AdvanceTo(read.Buffer.End);

        var accepting = pair.Listener.AcceptStreamAsync().AsTask();
        Should.Throw<InvalidOperationException>(() => pair.Listener.AcceptStreamAsync().AsTask());
        await (await pair.Dialer.OpenStreamAsync()).Output.FlushAsync().Within();
        (await accepting.Within()).ShouldNotBeNull();

        await mine.Output.WriteAsync(new byte[256 * 1024]).Within();
        var blocked = mine.Output.WriteAsync(new byte[1000]).AsTask();
        await Should.ThrowAsync<InvalidOperationException>(() => mine.Output.WriteAsync(new byte[1]).AsTask());
        await theirs.Input.ReadExactlyAsync((256 * 1024) + 1000).Within();
        await blocked.Within();
        await mine.Output.CompleteAsync();
        Should.Throw<InvalidOperationException>(() => mine.Output.WriteAsync(new byte[1]).AsTask());
        Should.Throw<InvalidOperationException>(() => mine.Output.GetMemory());
        await mine.Input.CompleteAsync();
        Should.Throw<InvalidOperationException>(() => mine.Input.ReadAsync().AsTask());
    }

    [Fact]
    public async Task Features_of_the_connection_below_shine_through_but_its_writer_does_not()
    {
        var endpoints = new ConnectionEndpoints(Multiformats.Multiaddr.Parse("/ip4/1.2.3.4/tcp/1"), Multiformats.Multiaddr.Parse("/ip4/1.2.3.4/tcp/2"));
        await using var pair = await MuxedPair.OverAsync(new YamuxMuxer(), new YamuxMuxer(), BytePair.Create(new BytePairOptions { Endpoints = endpoints }));
        pair.Dialer.GetFeature(typeof(ConnectionEndpoints)).ShouldBe(endpoints);
        pair.Dialer.GetFeature(typeof(IGatherWriter)).ShouldBeNull();
    }

    [Fact]
    public async Task What_a_reader_holds_stays_its_own_when_the_stream_is_reset()
    {
        await using var peer = await RawPeer.CreateAsync();
        await peer.DataAsync(FrameFlags.Syn, 1, "mine to keep"u8.ToArray());
        var stream = (await peer.Connection.AcceptStreamAsync().Within()).ShouldNotBeNull();
        var read = await stream.Input.ReadAtLeastAsync(12).Within();
        await peer.SendAsync(FrameType.WindowUpdate, FrameFlags.Rst, 1, 7);
        await stream.Aborted.Within();
        for (uint id = 3; id < 60; id += 2)
        {
            // Whoever gets a block from the pool now would overwrite it.
            await peer.DataAsync(FrameFlags.Syn, id, "XXXXXXXXXXXXXXXX"u8.ToArray());
            (await peer.Connection.AcceptStreamAsync().Within()).ShouldNotBeNull();
        }

        System.Text.Encoding.ASCII.GetString(System.Buffers.BuffersExtensions.ToArray(read.Buffer)).ShouldBe("mine to keep");
        stream.Input.AdvanceTo(read.Buffer.End);
        (await Should.ThrowAsync<StreamResetException>(() => stream.Input.ReadAsync().Within())).Code.Value.ShouldBe(7u);
    }

    [Fact]
    public async Task A_stream_works_as_a_stream()
    {
        await using var pair = await MuxedPair.OverAsync(new YamuxMuxer(), new YamuxMuxer(), BytePair.Create());
        var (mine, theirs) = await pair.OpenAsync();
        var payload = DuplexBytes.Pattern(700_000);
        var copying = mine.Output.AsStream().WriteAsync(payload).AsTask();
        var buffer = new byte[payload.Length];
        await theirs.Input.AsStream().ReadExactlyAsync(buffer).AsTask().Within();
        await copying.Within();
        buffer.AsSpan().SequenceEqual(payload).ShouldBeTrue();
    }
}
