using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <summary>What every <see cref="IStreamMuxer"/> keeps, beside what its connections do. Inherit <see cref="MuxedStreamContract"/> as well, for its streams.</summary>
public abstract class StreamMuxerContract : MuxedConnectionContract
{
    /// <summary>A muxer with its default options.</summary>
    protected abstract IStreamMuxer CreateMuxer();

    /// <summary>How long a remote may be silent before the connection is given up, in the time of the runtime's clock; null: for ever. Default 40 s.</summary>
    protected virtual TimeSpan? SilenceLimit => TimeSpan.FromSeconds(40);

    /// <summary>Whether two ends that both play the dialer are found out (as by the parity of stream ids). Default true.</summary>
    protected virtual bool FindsOutEqualRoles => true;

    /// <inheritdoc/>
    protected override async ValueTask<MuxedPair> ConnectAsync() => await OverAsync(BytePair.Create());

    [Fact]
    public void It_has_a_protocol_id() => CreateMuxer().Protocol.Value.Length.ShouldBeGreaterThan(1);

    [Fact]
    public async Task Streams_work_whatever_the_pieces_in_which_the_wire_delivers_them()
    {
        foreach (var segmentation in new[] { MemorySegmentation.SingleBytes, MemorySegmentation.ScatteredBytes, MemorySegmentation.Seeded(3, 20), MemorySegmentation.Seeded(4, 5000) })
        {
            foreach (var gather in new[] { true, false })
            {
                await using var pair = await OverAsync(BytePair.Create(new BytePairOptions { Segmentation = segmentation, GatherWriter = gather, Capacity = 32 * 1024 }));
                var payload = DuplexBytes.Pattern(30_000);
                var (first, firstAccepted) = await pair.OpenAsync(Patience);
                var (second, secondAccepted) = await pair.OpenAsync(Patience, fromListener: true);
                var writes = Task.WhenAll(first.Output.WriteToEndAsync(payload, 9_999), second.Output.WriteToEndAsync(payload, 1_234));
                (await firstAccepted.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes(payload);
                (await secondAccepted.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes(payload);
                await writes.Within(Patience);
            }
        }
    }

    [Fact]
    public async Task Disposing_ends_the_bytes_below()
    {
        var wire = BytePair.Create();
        await using var pair = await OverAsync(wire);
        await pair.Dialer.DisposeAsync().Within(Patience);
        await wire.Dialer.Closed.Within(Patience);
        await pair.Listener.Completion.Within(Patience);
        await pair.Listener.DisposeAsync().Within(Patience);
        await wire.Listener.Closed.Within(Patience);
    }

    [Fact]
    public async Task Aborting_ends_the_bytes_below()
    {
        var wire = BytePair.Create();
        await using var pair = await OverAsync(wire);
        pair.Dialer.Abort(ConnectionErrorCode.ProtocolError);
        await wire.Dialer.Closed.Within(Patience);
        await pair.Listener.Completion.Within(Patience);
    }

    [Fact]
    public async Task Aborting_does_not_wait_for_a_wire_that_takes_nothing()
    {
        var wire = BytePair.Create(new BytePairOptions { Capacity = 1000 });
        await using var pair = await OverAsync(wire);
        var (mine, _) = await pair.OpenAsync(Patience);
        wire.Stall();

        // More than any window or buffer takes.
        var writing = mine.Output.WriteToEndAsync(new byte[4 * 1024 * 1024]);
        pair.Dialer.Abort(ConnectionErrorCode.ProtocolError);
        await pair.Dialer.Completion.Within(Patience);
        await wire.Dialer.Closed.Within(Patience);
        await Assert.ThrowsAnyAsync<StreamResetException>(() => writing.Within(Patience));
    }

    [Fact]
    public async Task A_broken_wire_ends_both_ends_with_its_cause()
    {
        var wire = BytePair.Create();
        await using var pair = await OverAsync(wire);
        var (mine, theirs) = await pair.OpenAsync(Patience);
        var reads = new[] { mine.Input.ReadAsync().AsTask(), theirs.Input.ReadAsync().AsTask() };
        wire.Dialer.Abort(new IOException("cut"));
        (await pair.Dialer.Completion.Within(Patience)).Cause.ShouldNotBeNull();
        (await pair.Listener.Completion.Within(Patience)).Cause.ShouldNotBeNull();
        foreach (var read in reads) await Assert.ThrowsAnyAsync<StreamResetException>(() => read.Within(Patience));
    }

    [Fact]
    public async Task A_wire_that_ends_without_notice_ends_the_connection_and_resets_its_streams()
    {
        var wire = BytePair.Create();
        await using var pair = await OverAsync(wire);
        var (_, theirs) = await pair.OpenAsync(Patience);
        var reading = theirs.Input.ReadAsync().AsTask();
        wire.Dialer.Output.Complete();
        (await pair.Listener.Completion.Within(Patience)).ByRemote.ShouldBeTrue();
        await Assert.ThrowsAnyAsync<StreamResetException>(() => reading.Within(Patience));
    }

    [Fact]
    public async Task A_wire_that_ends_inside_a_frame_is_a_failure()
    {
        var wire = BytePair.Create();
        await using var pair = await OverAsync(wire);
        await pair.OpenAsync(Patience);
        var at = wire.ToListener.Sent;
        wire.ToListener.Tamper = (offset, bytes) => offset >= at ? bytes[..1] : bytes;
        var stream = await pair.Dialer.OpenStreamAsync().Within(Patience);
        await stream.Output.WriteAsync(new byte[100]).Within(Patience);
        await Watchdog.Eventually(() => wire.ToListener.Sent > at, Patience, "a frame to leave");
        wire.Dialer.Output.Complete();
        (await pair.Listener.Completion.Within(Patience)).Cause.ShouldNotBeNull();
    }

    [Fact]
    public async Task Garbage_ends_the_connection_as_the_fault_of_the_remote()
    {
        var wire = BytePair.Create();
        await using var pair = await OverAsync(wire);
        var (_, theirs) = await pair.OpenAsync(Patience);
        wire.ToListener.Inject(Enumerable.Repeat((byte)0xFF, 4096).ToArray());
        var end = await pair.Listener.Completion.Within(Patience);
        end.Cause.ShouldBeAssignableTo<MuxerException>();
        await Assert.ThrowsAnyAsync<StreamResetException>(() => theirs.Input.ReadAsync().Within(Patience));
        await pair.Dialer.Completion.Within(Patience);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row30_A_remote_that_falls_silent_is_given_up(bool whileWriting)
    {
        if (SilenceLimit is not { } limit) return;
        var mine = TestRuntime.Fake(seed: 1);
        var wire = BytePair.Create(new BytePairOptions { Capacity = 10_000 });
        await using var pair = await MuxedPair.OverAsync(CreateMuxer(), CreateMuxer(), wire, Upgrading.Dialer(mine), Upgrading.Listener(TestRuntime.Fake(seed: 2)));
        var (stream, _) = await pair.OpenAsync(Patience);
        wire.Stall();
        var waiting = whileWriting ? stream.Output.WriteToEndAsync(new byte[1024 * 1024]) : stream.Input.DrainAsync();
        await mine.DriveAsync(pair.Dialer.Completion, limit + TimeSpan.FromSeconds(1));
        (await pair.Dialer.Completion).Cause.ShouldNotBeNull();
        await Assert.ThrowsAnyAsync<StreamResetException>(() => waiting.Within(Patience));
        await wire.Dialer.Closed.Within(Patience);
    }

    [Fact]
    public async Task Row30_A_remote_that_answers_is_not_given_up()
    {
        if (SilenceLimit is not { } limit) return;
        var mine = TestRuntime.Fake(seed: 1);
        await using var pair = await MuxedPair.OverAsync(CreateMuxer(), CreateMuxer(), BytePair.Create(), Upgrading.Dialer(mine), Upgrading.Listener(TestRuntime.Fake(seed: 2)));
        var (stream, accepted) = await pair.OpenAsync(Patience);
        await Assert.ThrowsAnyAsync<TimeoutException>(() => mine.DriveAsync(pair.Dialer.Completion, 3 * limit, step: TimeSpan.FromSeconds(5)));
        await stream.Output.WriteToEndAsync("alive"u8.ToArray());
        (await accepted.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("alive"u8.ToArray());
    }

    [Fact]
    public async Task Two_ends_that_both_play_the_dialer_are_found_out()
    {
        if (!FindsOutEqualRoles) return;
        await using var pair = await MuxedPair.OverAsync(CreateMuxer(), CreateMuxer(), BytePair.Create(), Upgrading.Dialer(), Upgrading.Dialer());
        var stream = await pair.Dialer.OpenStreamAsync().Within(Patience);
        await stream.Output.WriteAsync(new byte[1]).Within(Patience);
        (await pair.Listener.Completion.Within(Patience)).Cause.ShouldBeAssignableTo<MuxerException>();
        await pair.Dialer.Completion.Within(Patience);
    }

    [Fact]
    public async Task What_was_reserved_is_released_when_the_streams_are_closed_and_all_of_it_at_the_end()
    {
        using var mine = new TestScope();
        using var theirs = new TestScope();
        await using (var pair = await MuxedPair.OverAsync(CreateMuxer(), CreateMuxer(), BytePair.Create(), Upgrading.Dialer(scope: mine), Upgrading.Listener(scope: theirs)))
        {
            for (var i = 0; i < 20; i++)
            {
                // Some are read to the end, some are abandoned with data unread, some are reset.
                var (opened, accepted) = await pair.OpenAsync(Patience, fromListener: i % 2 == 0);
                await opened.Output.WriteAsync(new byte[10_000]).Within(Patience);
                if (i % 3 == 0) await accepted.Input.ReadExactlyAsync(10_000).Within(Patience);
                if (i % 3 == 1) opened.Abort(StreamSide.Both, StreamErrorCode.None);
                await opened.DisposeAsync().Within(Patience);
                if (i % 5 != 4) await accepted.DisposeAsync().Within(Patience);
            }
        }

        await Watchdog.Eventually(() => mine.Reserved == 0 && theirs.Reserved == 0, Patience, $"{mine.Reserved} + {theirs.Reserved} reserved bytes to be released");
    }

    [Fact]
    public async Task A_refused_reservation_costs_at_most_a_stream_and_never_an_unexplained_end()
    {
        using var theirs = new TestScope(limit: 300_000);
        await using var pair = await MuxedPair.OverAsync(CreateMuxer(), CreateMuxer(), BytePair.Create(), listening: Upgrading.Listener(scope: theirs));
        var streams = new List<IMuxedStream>();
        for (var i = 0; i < 20; i++)
        {
            var stream = await pair.Dialer.OpenStreamAsync().Within(Patience);
            streams.Add(stream);
            await Ended.AsExpectedAsync(stream.Output.WriteAsync(new byte[50_000]).AsTask(), Patience);
        }

        theirs.Most.ShouldBeLessThanOrEqualTo(300_000);
        pair.Listener.Completion.IsCompleted.ShouldBeFalse("a refused reservation ended the connection");
        foreach (var stream in streams) stream.Abort(StreamSide.Both, StreamErrorCode.None);
    }

    private async Task<MuxedPair> OverAsync(BytePair wire) => await MuxedPair.OverAsync(CreateMuxer(), CreateMuxer(), wire);
}
