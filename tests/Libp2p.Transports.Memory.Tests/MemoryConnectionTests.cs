using System.Buffers;
using System.IO.Pipelines;
using Libp2p.TestKit;

namespace Libp2p.Transports.Memory.Tests;

public sealed class MemoryConnectionTests
{
    [Fact]
    public async Task A_flush_waits_until_half_of_the_capacity_has_been_examined()
    {
        await using var pair = await MemoryFixture.PairAsync(new MemoryOptions { Capacity = 1000 });
        var flushing = pair.Dialer.Output.WriteAsync(new byte[1001]).AsTask();
        flushing.IsCompleted.ShouldBeFalse();
        var read = await pair.Listener.Input.ReadAsync();
        pair.Listener.Input.AdvanceTo(read.Buffer.GetPosition(500));
        flushing.IsCompleted.ShouldBeFalse();
        read = await pair.Listener.Input.ReadAsync();
        pair.Listener.Input.AdvanceTo(read.Buffer.GetPosition(1));
        (await flushing.Within()).IsCanceled.ShouldBeFalse();
    }

    [Fact]
    public async Task A_frame_longer_than_the_capacity_that_is_examined_bit_by_bit_arrives()
    {
        await using var pair = await MemoryFixture.PairAsync(new MemoryOptions { Capacity = 10 });
        var frame = DuplexBytes.Pattern(5000);
        var writing = pair.Dialer.Output.WriteToEndAsync(frame, piece: 7);
        var read = await pair.Listener.Input.ReadAtLeastAsync(frame.Length).AsTask().Within();
        read.Buffer.ToArray().ShouldBeBytes(frame);
        pair.Listener.Input.AdvanceTo(read.Buffer.End);
        await writing.Within();
    }

    [Fact]
    public async Task A_reader_that_examines_ever_more_and_consumes_nothing_loses_the_connection()
    {
        await using var pair = await MemoryFixture.PairAsync(new MemoryOptions { MaxUnconsumed = 1024 });
        await pair.Dialer.Output.WriteAsync(new byte[1024]);
        var read = await pair.Listener.Input.ReadAsync();
        pair.Listener.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        await pair.Dialer.Output.WriteAsync(new byte[1]);
        read = await pair.Listener.Input.ReadAsync();
        read.Buffer.Length.ShouldBe(1025);
        pair.Listener.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        (await Should.ThrowAsync<TransportException>(() => pair.Listener.Input.ReadAsync().AsTask().Within())).Message.ShouldContain("1025");
        await Should.ThrowAsync<TransportException>(() => pair.Dialer.Input.ReadAsync().AsTask().Within());
    }

    [Fact]
    public async Task A_cancelled_flush_has_handed_its_bytes_over()
    {
        await using var pair = await MemoryFixture.PairAsync(new MemoryOptions { Capacity = 4 });
        using var cancel = new CancellationTokenSource();
        var flushing = pair.Dialer.Output.WriteAsync("first"u8.ToArray(), cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => flushing.Within());
        pair.Dialer.Output.Write("second"u8);
        await pair.Dialer.Output.CompleteAsync();
        (await pair.Listener.Input.ReadToEndAsync().Within()).ShouldBeBytes("firstsecond"u8.ToArray());
    }

    [Fact]
    public async Task CancelPendingFlush_wakes_the_writer()
    {
        await using var pair = await MemoryFixture.PairAsync(new MemoryOptions { Capacity = 1 });
        var flushing = pair.Dialer.Output.WriteAsync("xy"u8.ToArray()).AsTask();
        pair.Dialer.Output.CancelPendingFlush();
        (await flushing.Within()).IsCanceled.ShouldBeTrue();
        (await pair.Listener.Input.ReadExactlyAsync(2).Within()).ShouldBe("xy"u8.ToArray());
    }

    [Fact]
    public async Task A_remote_that_reads_no_more_is_told_to_the_writer_and_frees_it()
    {
        await using var pair = await MemoryFixture.PairAsync(new MemoryOptions { Capacity = 1 });
        var flushing = pair.Dialer.Output.WriteAsync("xy"u8.ToArray()).AsTask();
        pair.Listener.Input.Complete();
        (await flushing.Within()).IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Writing_to_a_remote_that_has_gone_fails()
    {
        await using var pair = await MemoryFixture.PairAsync();
        await pair.Listener.DisposeAsync();
        (await Should.ThrowAsync<TransportException>(() => pair.Dialer.Output.WriteAsync("x"u8.ToArray()).AsTask().Within())).Message.ShouldContain("closed by the remote");
        (await pair.Dialer.Input.ReadToEndAsync().Within()).ShouldBeEmpty();
        await pair.Dialer.Closed.Within();
    }

    [Fact]
    public async Task What_was_not_flushed_is_not_read_after_a_disposal_but_what_was_is()
    {
        await using var pair = await MemoryFixture.PairAsync();
        await pair.Dialer.Output.WriteAsync("flushed"u8.ToArray());
        pair.Dialer.Output.Write("not"u8);
        await pair.Dialer.DisposeAsync();
        pair.Dialer.Output.Complete();
        pair.Dialer.Abort(null);
        (await pair.Listener.Input.ReadToEndAsync().Within()).ShouldBeBytes("flushed"u8.ToArray());
    }

    [Fact]
    public async Task Completing_the_output_with_an_error_is_no_end()
    {
        await using var pair = await MemoryFixture.PairAsync();
        pair.Dialer.Output.Write("half"u8);
        pair.Dialer.Output.Complete(new InvalidOperationException("test"));
        await Should.ThrowAsync<TransportException>(() => pair.Listener.Input.ReadToEndAsync().Within());
    }

    [Fact]
    public async Task Counts_tell_what_passed()
    {
        await using var pair = await MemoryFixture.PairAsync();
        await pair.Dialer.Output.WriteAsync(new byte[300]);
        ((IByteCounts)pair.Dialer.GetFeature(typeof(IByteCounts))!).Sent.ShouldBe(300);
        ((IByteCounts)pair.Listener.GetFeature(typeof(IByteCounts))!).Received.ShouldBe(300);
        ((IByteCounts)pair.Listener.GetFeature(typeof(IByteCounts))!).Sent.ShouldBe(0);
    }

    [Fact]
    public async Task The_reader_gets_the_memory_that_the_writer_filled()
    {
        await using var pair = await MemoryFixture.PairAsync();
        var memory = pair.Dialer.Output.GetMemory(100);
        pair.Dialer.Output.Advance(100);
        await pair.Dialer.Output.FlushAsync();
        var read = await pair.Listener.Input.ReadAsync();
        memory.Span[50] = 42;
        read.Buffer.First.Span[50].ShouldBe((byte)42);
        pair.Listener.Input.AdvanceTo(read.Buffer.End);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3000)]
    [InlineData(200_000)]
    public void An_idle_way_holds_no_memory(int length)
    {
        var pipe = new MemoryPipe(new MemoryOptions(), PipeScheduler.Inline, PipeScheduler.Inline);
        for (var i = 0; i < 5; i++)
        {
            for (var left = length; left > 0;)
            {
                var free = pipe.Room(1).Free;
                pipe.AdvanceWriter(Math.Min(left, free));
                left -= Math.Min(left, free);
            }

            pipe.FlushOrWait(out _, out _).ShouldBeTrue();
            pipe.HeldBytes.ShouldBeGreaterThanOrEqualTo(length);
            pipe.TryRead(out var read).ShouldBeTrue();
            pipe.Advance(read.Buffer.End, read.Buffer.End, out _).ShouldBeFalse();
            pipe.HeldBytes.ShouldBe(0);
        }
    }
}
