using System.Buffers;
using System.IO.Pipelines;
using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <summary>What every <see cref="IMuxedStream"/> keeps, over any muxer or multiplexed transport.</summary>
public abstract partial class MuxedStreamContract
{
    /// <summary>A connected pair.</summary>
    protected abstract ValueTask<MuxedPair> ConnectAsync();

    /// <summary>Whether a reset carries its code to the remote.</summary>
    protected virtual bool CarriesErrorCodes => false;

    /// <summary>Whether one way can be reset while the other lives on.</summary>
    protected virtual bool ResetsOneWayAlone => false;

    /// <summary>The most bytes of one stream on their way, windows and buffers of both ends included, while nobody reads. Default 2 MiB.</summary>
    protected virtual int MostUnread => 2 * 1024 * 1024;

    /// <summary>How long to wait for what must happen.</summary>
    protected virtual TimeSpan Patience => Watchdog.Patience;

    [Fact]
    public async Task Bytes_pass_in_order_both_ways_at_once()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        var up = DuplexBytes.Pattern(Concurrently.Large(5 * 1024 * 1024), seed: 1);
        var down = DuplexBytes.Pattern(Concurrently.Large(4 * 1024 * 1024) + 1, seed: 2);
        var writes = Task.WhenAll(mine.Output.WriteToEndAsync(up, up.Length), theirs.Output.WriteToEndAsync(down, 10_007));
        var reads = await Task.WhenAll(theirs.Input.ReadToEndAsync(), mine.Input.ReadToEndAsync()).Within(Patience);
        await writes.Within(Patience);
        reads[0].ShouldBeBytes(up, "what the opener wrote");
        reads[1].ShouldBeBytes(down, "what the acceptor wrote");
    }

    [Fact]
    public async Task A_single_byte_is_delivered_without_waiting_for_more()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        for (byte i = 0; i < 10; i++)
        {
            await mine.Output.WriteAsync(new[] { i }).Within(Patience);
            (await theirs.Input.ReadExactlyAsync(1).Within(Patience)).ShouldBe([i]);
        }
    }

    [Fact]
    public async Task Closing_the_writes_flushes_and_is_read_as_the_end()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        mine.Output.Write("not flushed"u8);
        await mine.Output.CompleteAsync();
        (await theirs.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("not flushed"u8.ToArray());
    }

    [Fact]
    public async Task The_end_repeats()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        await mine.Output.CompleteAsync();
        for (var i = 0; i < 3; i++)
        {
            var read = await theirs.Input.ReadAsync().Within(Patience);
            read.IsCompleted.ShouldBeTrue();
            read.Buffer.IsEmpty.ShouldBeTrue();
            theirs.Input.AdvanceTo(read.Buffer.End);
        }
    }

    [Fact]
    public async Task One_reads_after_closing_its_own_writes_and_writes_after_the_remote_closed_its()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        await mine.Output.WriteToEndAsync("request"u8.ToArray());
        (await theirs.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("request"u8.ToArray());
        var answer = DuplexBytes.Pattern(1024 * 1024);
        var writing = theirs.Output.WriteToEndAsync(answer);
        (await mine.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes(answer);
        await writing.Within(Patience);
    }

    [Fact]
    public async Task Writes_of_nothing_deliver_nothing()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        await mine.Output.WriteAsync(ReadOnlyMemory<byte>.Empty).Within(Patience);
        await mine.Output.FlushAsync().Within(Patience);
        await mine.Output.WriteAsync("x"u8.ToArray()).Within(Patience);
        var read = await theirs.Input.ReadAsync().Within(Patience);
        read.Buffer.ToArray().ShouldBeBytes("x"u8.ToArray());
        read.IsCompleted.ShouldBeFalse();
        theirs.Input.AdvanceTo(read.Buffer.End);
    }

    [Fact]
    public async Task Reads_may_be_partial_down_to_one_byte_and_may_look_without_taking()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        var sent = DuplexBytes.Pattern(100_000);
        var writing = mine.Output.WriteToEndAsync(sent, 7_777);
        var received = new List<byte>();
        while (true)
        {
            var read = await theirs.Input.ReadAsync().Within(Patience);
            if (read.Buffer.IsEmpty && read.IsCompleted) break;
            var take = received.Count < 3000 ? 1 : Math.Min(read.Buffer.Length, 1000);
            received.AddRange(read.Buffer.Slice(0, take).ToArray());
            theirs.Input.AdvanceTo(read.Buffer.GetPosition(take));
        }

        received.ToArray().ShouldBeBytes(sent);
        await writing.Within(Patience);
    }

    [Fact]
    public async Task Looking_without_taking_waits_for_more()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        await mine.Output.WriteAsync("ab"u8.ToArray()).Within(Patience);
        var read = await theirs.Input.ReadAtLeastAsync(2).Within(Patience);
        theirs.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        var more = theirs.Input.ReadAsync().AsTask();
        await mine.Output.WriteAsync("cd"u8.ToArray()).Within(Patience);
        var all = (await more.Within(Patience)).Buffer;
        all.Length.ShouldBeGreaterThan(2);
        all.ToArray().ShouldBe("abcd"u8[..(int)all.Length].ToArray());
        theirs.Input.AdvanceTo(all.End);
    }

    [Fact]
    public async Task TryRead_is_false_while_there_is_nothing_and_true_at_the_end()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        theirs.Input.TryRead(out _).ShouldBeFalse();
        await mine.Output.CompleteAsync();
        var read = await theirs.Input.ReadAsync().Within(Patience);
        theirs.Input.AdvanceTo(read.Buffer.End);
        theirs.Input.TryRead(out read).ShouldBeTrue();
        read.IsCompleted.ShouldBeTrue();
        theirs.Input.AdvanceTo(read.Buffer.End);
    }

    [Fact]
    public async Task A_cancelled_read_leaves_the_stream_usable()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        for (var i = 0; i < 3; i++)
        {
            using var cancel = new CancellationTokenSource();
            var read = theirs.Input.ReadAsync(cancel.Token).AsTask();
            cancel.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.Within(Patience));
            await mine.Output.WriteAsync("later"u8.ToArray()).Within(Patience);
            (await theirs.Input.ReadExactlyAsync(5).Within(Patience)).ShouldBeBytes("later"u8.ToArray());
        }
    }

    [Fact]
    public async Task CancelPendingRead_wakes_the_reader_and_leaves_the_stream_usable()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        var reading = theirs.Input.ReadAsync().AsTask();
        theirs.Input.CancelPendingRead();
        var read = await reading.Within(Patience);
        read.IsCanceled.ShouldBeTrue();
        theirs.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        await mine.Output.WriteAsync("x"u8.ToArray()).Within(Patience);
        (await theirs.Input.ReadExactlyAsync(1).Within(Patience)).ShouldBeBytes("x"u8.ToArray());
    }

    [Fact]
    public async Task WritesClosed_completes_after_an_ordinary_close_and_Aborted_stays_quiet()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        mine.WritesClosed.IsCompleted.ShouldBeFalse();
        await mine.Output.WriteToEndAsync("x"u8.ToArray());
        await mine.WritesClosed.Within(Patience);
        (await theirs.Input.ReadToEndAsync().Within(Patience)).Length.ShouldBe(1);
        await theirs.Output.CompleteAsync();
        await theirs.WritesClosed.Within(Patience);
        (await mine.Input.ReadToEndAsync().Within(Patience)).ShouldBeEmpty();
        await mine.DisposeAsync().Within(Patience);
        await theirs.DisposeAsync().Within(Patience);
        mine.Aborted.IsCancellationRequested.ShouldBeFalse();
        theirs.Aborted.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Disposing_half_closes_what_is_not_complete_and_discards_the_unread_rest()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        await theirs.Output.WriteAsync("never read"u8.ToArray()).Within(Patience);
        mine.Output.Write("the last words"u8);
        await mine.DisposeAsync().Within(Patience);
        (await theirs.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("the last words"u8.ToArray());
        var (next, accepted) = await pair.OpenAsync(Patience);
        await next.Output.WriteToEndAsync("alive"u8.ToArray());
        (await accepted.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("alive"u8.ToArray());
    }

    [Fact]
    public async Task Closing_and_disposing_twice_is_harmless()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        await mine.Output.CompleteAsync();
        await mine.Output.CompleteAsync();
        await mine.Input.CompleteAsync();
        await mine.Input.CompleteAsync();
        await mine.DisposeAsync().Within(Patience);
        await mine.DisposeAsync().Within(Patience);
        (await theirs.Input.ReadToEndAsync().Within(Patience)).ShouldBeEmpty();
        mine.Abort(StreamSide.Both, StreamErrorCode.None);
        mine.Abort(StreamSide.Both, StreamErrorCode.None);
    }

    [Fact]
    public async Task What_was_received_is_readable_after_the_connection_ended()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        await mine.Output.WriteToEndAsync("received"u8.ToArray());
        await theirs.Output.CompleteAsync();
        ReadResult read;
        while (true)
        {
            read = await theirs.Input.ReadAsync().Within(Patience);
            if (read.IsCompleted) break;
            theirs.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        theirs.Input.AdvanceTo(read.Buffer.Start);
        await pair.Dialer.DisposeAsync().Within(Patience);
        await pair.Listener.Completion.Within(Patience);
        (await theirs.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("received"u8.ToArray());
    }

    [Fact]
    public async Task A_feature_that_is_not_there_is_null()
    {
        await using var pair = await ConnectAsync();
        var (mine, _) = await pair.OpenAsync(Patience);
        mine.GetFeature(typeof(MuxedStreamContract)).ShouldBeNull();
    }
}
