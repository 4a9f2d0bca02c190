using System.Buffers;
using System.Runtime.InteropServices;
using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <summary>
/// What every <see cref="IByteConnection"/> keeps: those of byte transports, of security channels, of protectors, of relays. Inherit it beside
/// the suite of the transport or of the channel.
/// </summary>
public abstract class ByteConnectionContract
{
    /// <summary>A connected pair.</summary>
    protected abstract ValueTask<ByteConnectionPair> ConnectAsync();

    /// <summary>The most bytes that may be on the way, buffers of the system included, while nobody reads. Default 16 MiB.</summary>
    protected virtual int MostUnread => 16 * 1024 * 1024;

    /// <summary>How long to wait for what must happen.</summary>
    protected virtual TimeSpan Patience => Watchdog.Patience;

    [Fact]
    public async Task Bytes_pass_in_order_both_ways_at_once()
    {
        await using var pair = await ConnectAsync();
        var up = DuplexBytes.Pattern(Concurrently.Large(4 * 1024 * 1024), seed: 1);
        var down = DuplexBytes.Pattern(Concurrently.Large(3 * 1024 * 1024) + 17, seed: 2);
        var writes = Task.WhenAll(pair.Dialer.Output.WriteToEndAsync(up), pair.Listener.Output.WriteToEndAsync(down, piece: 1001));
        var reads = await Task.WhenAll(pair.Listener.Input.ReadToEndAsync(), pair.Dialer.Input.ReadToEndAsync()).Within(Patience);
        await writes.Within(Patience);
        reads[0].ShouldBeBytes(up, "what the dialer wrote");
        reads[1].ShouldBeBytes(down, "what the listener wrote");
    }

    [Fact]
    public async Task Sixty_four_messages_of_64_KiB_are_echoed()
    {
        await using var pair = await ConnectAsync();
        var echo = pair.Listener.EchoAsync();
        for (var i = 0; i < 64; i++)
        {
            var message = DuplexBytes.Pattern(64 * 1024, seed: i);
            var writing = pair.Dialer.Output.WriteAsync(message).AsTask();
            var answer = await pair.Dialer.Input.ReadExactlyAsync(message.Length).Within(Patience);
            await writing.Within(Patience);
            answer.ShouldBeBytes(message, $"message {i}");
        }

        pair.Dialer.Output.Complete();
        await echo.Within(Patience);
    }

    [Fact]
    public async Task A_single_byte_is_delivered_without_waiting_for_more()
    {
        await using var pair = await ConnectAsync();
        for (byte i = 0; i < 10; i++)
        {
            await pair.Dialer.Output.WriteAsync(new[] { i }).Within(Patience);
            (await pair.Listener.Input.ReadExactlyAsync(1).Within(Patience)).ShouldBe([i]);
        }
    }

    [Fact]
    public async Task Completing_the_output_flushes_and_is_read_as_the_end()
    {
        await using var pair = await ConnectAsync();
        pair.Dialer.Output.Write("not flushed"u8);
        await pair.Dialer.Output.CompleteAsync();
        (await pair.Listener.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("not flushed"u8.ToArray());
    }

    [Fact]
    public async Task The_end_repeats()
    {
        await using var pair = await ConnectAsync();
        await pair.Dialer.Output.CompleteAsync();
        for (var i = 0; i < 3; i++)
        {
            var read = await pair.Listener.Input.ReadAsync().Within(Patience);
            read.IsCompleted.ShouldBeTrue();
            read.Buffer.IsEmpty.ShouldBeTrue();
            pair.Listener.Input.AdvanceTo(read.Buffer.End);
        }
    }

    [Fact]
    public async Task After_closing_its_writes_a_side_still_reads_and_the_other_still_writes()
    {
        await using var pair = await ConnectAsync();
        await pair.Dialer.Output.WriteToEndAsync("request"u8.ToArray());
        (await pair.Listener.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("request"u8.ToArray());
        var answer = DuplexBytes.Pattern(300_000);
        var writing = pair.Listener.Output.WriteToEndAsync(answer);
        (await pair.Dialer.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes(answer);
        await writing.Within(Patience);
    }

    [Fact]
    public async Task A_flush_of_nothing_delivers_nothing()
    {
        await using var pair = await ConnectAsync();
        await pair.Dialer.Output.FlushAsync().Within(Patience);
        await pair.Dialer.Output.WriteAsync(ReadOnlyMemory<byte>.Empty).Within(Patience);
        await pair.Dialer.Output.WriteAsync("x"u8.ToArray()).Within(Patience);
        var read = await pair.Listener.Input.ReadAsync().Within(Patience);
        read.Buffer.ToArray().ShouldBeBytes("x"u8.ToArray());
        read.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_read_belongs_to_the_reader_and_may_be_changed_until_it_is_consumed()
    {
        await using var pair = await ConnectAsync();
        await pair.Dialer.Output.WriteAsync("abcdef"u8.ToArray());
        var read = await ReadAtLeastAsync(pair.Listener, 6);
        foreach (var part in read)
        {
            foreach (ref var letter in MemoryMarshal.AsMemory(part).Span) letter -= 32;
        }

        pair.Listener.Input.AdvanceTo(read.GetPosition(2), read.End);
        await pair.Dialer.Output.WriteAsync("ghi"u8.ToArray());
        read = await ReadAtLeastAsync(pair.Listener, 7);
        read.ToArray().ShouldBeBytes("CDEFghi"u8.ToArray());
        pair.Listener.Input.AdvanceTo(read.End);
    }

    [Fact]
    public async Task What_was_not_consumed_comes_again_and_what_was_not_examined_comes_at_once()
    {
        await using var pair = await ConnectAsync();
        await pair.Dialer.Output.WriteAsync("0123456789"u8.ToArray());
        for (var i = 0; i < 10; i++)
        {
            var buffer = (await pair.Listener.Input.ReadAsync().Within(Patience)).Buffer;
            buffer.FirstSpan[0].ShouldBe((byte)('0' + i));
            pair.Listener.Input.AdvanceTo(buffer.GetPosition(1));
        }
    }

    [Fact]
    public async Task A_writer_is_held_while_nobody_reads_and_nothing_is_lost()
    {
        await using var pair = await ConnectAsync();
        var most = MostUnread;
        var total = most + (1024 * 1024);
        var written = 0L;
        var writing = Concurrently.Run(async () =>
        {
            var piece = new byte[16 * 1024];
            while (Volatile.Read(ref written) < total)
            {
                await pair.Dialer.Output.WriteAsync(piece);
                Interlocked.Add(ref written, piece.Length);
            }

            await pair.Dialer.Output.CompleteAsync();
        });

        await Quiet.UntilAsync(() => Volatile.Read(ref written), writing);
        await Quiet.StillWaitsAsync(writing, $"{total} bytes were taken while nobody read; {most} are allowed");
        (await pair.Listener.Input.DrainAsync().Within(Patience)).ShouldBeGreaterThanOrEqualTo(total);
        await writing.Within(Patience);
    }

    [Fact]
    public async Task A_cancelled_read_loses_nothing()
    {
        await using var pair = await ConnectAsync();
        using var cancel = new CancellationTokenSource();
        var read = pair.Listener.Input.ReadAsync(cancel.Token).AsTask();
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.Within(Patience));
        await pair.Dialer.Output.WriteAsync("later"u8.ToArray()).Within(Patience);
        (await pair.Listener.Input.ReadExactlyAsync(5).Within(Patience)).ShouldBeBytes("later"u8.ToArray());
    }

    [Fact]
    public async Task CancelPendingRead_wakes_the_reader()
    {
        await using var pair = await ConnectAsync();
        var reading = pair.Listener.Input.ReadAsync().AsTask();
        pair.Listener.Input.CancelPendingRead();
        var read = await reading.Within(Patience);
        read.IsCanceled.ShouldBeTrue();
        pair.Listener.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        await pair.Dialer.Output.WriteAsync("x"u8.ToArray()).Within(Patience);
        (await pair.Listener.Input.ReadExactlyAsync(1).Within(Patience)).ShouldBeBytes("x"u8.ToArray());
    }

    [Fact]
    public async Task Abort_fails_pending_and_later_reads_of_this_side()
    {
        await using var pair = await ConnectAsync();
        var reading = pair.Dialer.Input.ReadAsync().AsTask();
        pair.Dialer.Abort(new InvalidOperationException("test"));
        await Assert.ThrowsAnyAsync<TransportException>(() => reading.Within(Patience));
        await Assert.ThrowsAnyAsync<TransportException>(() => pair.Dialer.Input.ReadAsync().AsTask().Within(Patience));
    }

    [Fact]
    public async Task Abort_fails_pending_and_later_writes_of_this_side()
    {
        await using var pair = await ConnectAsync();
        var written = 0L;
        var writing = Concurrently.Run(async () =>
        {
            while (true)
            {
                await pair.Dialer.Output.WriteAsync(new byte[16 * 1024]);
                Interlocked.Add(ref written, 16 * 1024);
            }
        });
        await Quiet.UntilAsync(() => Volatile.Read(ref written), writing);
        pair.Dialer.Abort(null);
        await Assert.ThrowsAnyAsync<TransportException>(() => writing.Within(Patience));
        await Assert.ThrowsAnyAsync<TransportException>(() => pair.Dialer.Output.WriteAsync(new byte[1]).AsTask().Within(Patience));
    }

    [Fact]
    public async Task Abort_is_seen_by_the_remote_as_a_failure_and_not_as_an_end()
    {
        await using var pair = await ConnectAsync();
        var reading = pair.Listener.Input.ReadAsync().AsTask();
        pair.Dialer.Abort(null);
        await Assert.ThrowsAnyAsync<TransportException>(() => reading.Within(Patience));
    }

    [Fact]
    public async Task Abort_may_come_from_any_thread_and_more_than_once()
    {
        await using var pair = await ConnectAsync();
        var echo = pair.Listener.EchoAsync();
        var writing = pair.Dialer.Output.WriteAsync(new byte[100]).AsTask();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Concurrently.Run(() => pair.Dialer.Abort(null)))).Within(Patience);
        await Assert.ThrowsAnyAsync<TransportException>(() => pair.Dialer.Input.DrainAsync().Within(Patience));
        await Ended.AsExpectedAsync(writing, Patience);
        await Ended.AsExpectedAsync(echo, Patience);
    }

    [Fact]
    public async Task Closed_is_cancelled_when_the_connection_is_gone_and_not_before()
    {
        await using var pair = await ConnectAsync();
        var echo = pair.Listener.EchoAsync();
        await pair.Dialer.Output.WriteAsync("x"u8.ToArray()).Within(Patience);
        await pair.Dialer.Input.ReadExactlyAsync(1).Within(Patience);
        pair.Dialer.Closed.IsCancellationRequested.ShouldBeFalse();
        pair.Listener.Closed.IsCancellationRequested.ShouldBeFalse();
        pair.Dialer.Abort(null);
        await pair.Dialer.Closed.Within(Patience);
        await Ended.AsExpectedAsync(echo, Patience);
        await pair.Listener.Closed.Within(Patience);
    }

    [Fact]
    public async Task Disposing_ends_in_the_ordinary_way_and_what_was_written_is_still_read()
    {
        await using var pair = await ConnectAsync();
        pair.Dialer.Output.Write("the last words"u8);
        await pair.Dialer.Output.FlushAsync().Within(Patience);
        await pair.Dialer.DisposeAsync().Within(Patience);
        (await pair.Listener.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("the last words"u8.ToArray());
        await pair.Dialer.Closed.Within(Patience);
    }

    [Fact]
    public async Task Disposing_twice_and_aborting_afterwards_is_harmless()
    {
        await using var pair = await ConnectAsync();
        await pair.Dialer.DisposeAsync().Within(Patience);
        await pair.Dialer.DisposeAsync().Within(Patience);
        pair.Dialer.Abort(null);
    }

    [Fact]
    public async Task A_feature_that_is_not_there_is_null()
    {
        await using var pair = await ConnectAsync();
        pair.Dialer.GetFeature(typeof(ByteConnectionContract)).ShouldBeNull();
    }

    [Fact]
    public async Task A_gather_writer_keeps_the_order_of_copied_and_borrowed_bytes()
    {
        await using var pair = await ConnectAsync();
        if (pair.Dialer.GetFeature(typeof(IGatherWriter)) is not IGatherWriter gather) return;
        var body = DuplexBytes.Pattern(40_000);
        for (var i = 0; i < 5; i++)
        {
            pair.Dialer.Output.Write("head"u8);
            gather.Append(body);
            gather.Append("mid"u8.ToArray());
            pair.Dialer.Output.Write("tail"u8);
            var flush = pair.Dialer.Output.FlushAsync().AsTask();
            (await pair.Listener.Input.ReadExactlyAsync(4).Within(Patience)).ShouldBeBytes("head"u8.ToArray());
            (await pair.Listener.Input.ReadExactlyAsync(body.Length).Within(Patience)).ShouldBeBytes(body);
            (await pair.Listener.Input.ReadExactlyAsync(7).Within(Patience)).ShouldBeBytes("midtail"u8.ToArray());
            await flush.Within(Patience);
        }
    }

    private async Task<ReadOnlySequence<byte>> ReadAtLeastAsync(IByteConnection connection, int length) =>
        (await connection.Input.ReadAtLeastAsync(length).Within(Patience)).Buffer;
}
