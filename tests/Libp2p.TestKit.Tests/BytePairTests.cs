using System.Buffers;
using System.Runtime.InteropServices;

namespace Libp2p.TestKit.Tests;

public class BytePairTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Segmentation_changes_the_pieces_and_never_the_bytes(int kind)
    {
        var segmentation = kind switch
        {
            0 => MemorySegmentation.Whole,
            1 => MemorySegmentation.SingleBytes,
            2 => MemorySegmentation.ScatteredBytes,
            _ => MemorySegmentation.Seeded(7),
        };
        await using var pair = BytePair.Create(new BytePairOptions { Segmentation = segmentation, Capacity = 1000 });
        var sent = new byte[5000];
        new SeededRandomSource(1).Fill(sent);
        var writing = WriteAsync(pair.Dialer, sent);
        var (received, reads) = await ReadToEndAsync(pair.Listener).Within();
        await writing;
        received.ShouldBe(sent);
        if (kind == 1) reads.ShouldBeGreaterThanOrEqualTo(5000);
        if (kind == 2) reads.ShouldBeLessThan(100);
    }

    [Fact]
    public async Task A_full_wire_holds_the_writer_and_never_holds_more_than_its_capacity()
    {
        await using var pair = BytePair.Create(new BytePairOptions { Capacity = 100 });
        var flush = pair.Dialer.Output.WriteAsync(new byte[250]).AsTask();
        flush.IsCompleted.ShouldBeFalse();
        pair.ToListener.InFlight.ShouldBe(100);
        var read = await pair.Listener.Input.ReadAsync();
        pair.Listener.Input.AdvanceTo(read.Buffer.GetPosition(60));
        await Watchdog.Eventually(() => pair.ToListener.InFlight == 100);
        flush.IsCompleted.ShouldBeFalse();
        read = await pair.Listener.Input.ReadAsync();
        pair.Listener.Input.AdvanceTo(read.Buffer.GetPosition(100));
        (await flush.Within()).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_cancelled_flush_goes_on_with_the_next()
    {
        await using var pair = BytePair.Create(new BytePairOptions { Capacity = 4 });
        using var cancel = new CancellationTokenSource();
        var flush = pair.Dialer.Output.WriteAsync("0123456789"u8.ToArray(), cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => flush);
        var writing = WriteAsync(pair.Dialer, "ab"u8.ToArray());
        (await ReadToEndAsync(pair.Listener).Within()).Bytes.ShouldBe("0123456789ab"u8.ToArray());
        await writing;
    }

    [Fact]
    public async Task What_was_read_is_writable_until_it_is_consumed_and_overwritten_after()
    {
        await using var pair = BytePair.Create();
        await pair.Dialer.Output.WriteAsync("abcd"u8.ToArray());
        var read = await pair.Listener.Input.ReadAsync();
        var memory = MemoryMarshal.AsMemory(read.Buffer.First);
        memory.Span[2] = (byte)'X';
        pair.Listener.Input.AdvanceTo(read.Buffer.GetPosition(1), read.Buffer.GetPosition(1));
        read = await pair.Listener.Input.ReadAsync();
        read.Buffer.ToArray().ShouldBe("bXd"u8.ToArray());
        pair.Listener.Input.AdvanceTo(read.Buffer.End);
        memory.ToArray().ShouldBe([0xA5, 0xA5, 0xA5, 0xA5]);
    }

    [Fact]
    public async Task Abort_fails_both_ends_at_once_even_with_bytes_unread()
    {
        await using var pair = BytePair.Create();
        await pair.Dialer.Output.WriteAsync(new byte[3]);
        var pending = pair.Dialer.Input.ReadAsync().AsTask();
        var why = new InvalidOperationException("broken");
        pair.Dialer.Abort(why);
        (await Should.ThrowAsync<TransportException>(() => pending.Within())).InnerException.ShouldBe(why);
        await Should.ThrowAsync<TransportException>(() => pair.Listener.Input.ReadAsync().AsTask());
        await Should.ThrowAsync<TransportException>(() => pair.Listener.Output.WriteAsync(new byte[1]).AsTask());
        await Should.ThrowAsync<TransportException>(() => pair.Dialer.Output.WriteAsync(new byte[1]).AsTask());
        await pair.Dialer.Closed.Within();
        await pair.Listener.Closed.Within();
    }

    [Fact]
    public async Task Closed_waits_for_both_ways()
    {
        await using var pair = BytePair.Create();
        pair.Dialer.Output.Complete();
        (await ReadToEndAsync(pair.Listener).Within()).Bytes.ShouldBeEmpty();
        pair.Dialer.Closed.IsCancellationRequested.ShouldBeFalse();
        await pair.Listener.Output.WriteAsync(new byte[2]);
        pair.Listener.Output.Complete();
        (await ReadToEndAsync(pair.Dialer).Within()).Bytes.Length.ShouldBe(2);
        await pair.Dialer.Closed.Within();
        await pair.Listener.Closed.Within();
    }

    [Fact]
    public async Task Borrowed_memory_leaves_in_order_and_only_with_the_flush()
    {
        await using var pair = BytePair.Create(new BytePairOptions { Record = true });
        var gather = pair.Dialer.GetFeature(typeof(IGatherWriter)).ShouldBeAssignableTo<IGatherWriter>()!;
        var body = "body"u8.ToArray();
        pair.Dialer.Output.Write("head"u8);
        gather.Append(body);
        pair.Dialer.Output.Write("tail"u8);
        body[0] = (byte)'B';
        pair.ToListener.Sent.ShouldBe(0);
        await pair.Dialer.Output.FlushAsync();
        pair.ToListener.Recorded.ShouldBe("headBodytail"u8.ToArray());
        pair.ToListener.Flushes.ShouldBe(1);
        BytePair.Create(new BytePairOptions { GatherWriter = false }).Dialer.GetFeature(typeof(IGatherWriter)).ShouldBeNull();
    }

    [Fact]
    public async Task Somebody_in_the_middle_can_flip_drop_inject_and_hold()
    {
        await using var pair = BytePair.Create(new BytePairOptions { Record = true });
        pair.ToListener.FlipBit(5, 1);
        pair.ToListener.Drop(1, 2);
        await pair.Dialer.Output.WriteAsync("0123"u8.ToArray());
        pair.ToListener.Inject("!"u8);
        pair.ToListener.Stall();
        await pair.Dialer.Output.WriteAsync("45"u8.ToArray());
        var reading = ReadToEndAsync(pair.Listener);
        pair.Dialer.Output.Complete();
        reading.IsCompleted.ShouldBeFalse();
        pair.ToListener.Resume();
        (await reading.Within()).Bytes.ShouldBe("03!47"u8.ToArray());
        pair.ToListener.Recorded.ShouldBe("012345"u8.ToArray());
    }

    [Fact]
    public async Task Disposing_sends_what_was_written_and_tells_the_writer_of_the_other_end()
    {
        var pair = BytePair.Create();
        pair.Dialer.Output.Write("x"u8);
        await pair.Dialer.DisposeAsync();
        (await ReadToEndAsync(pair.Listener).Within()).Bytes.ShouldBe("x"u8.ToArray());
        (await pair.Listener.Output.WriteAsync(new byte[1])).IsCompleted.ShouldBeTrue();
    }

    private static async Task WriteAsync(MemoryByteConnection connection, byte[] bytes)
    {
        await connection.Output.WriteAsync(bytes);
        connection.Output.Complete();
    }

    private static async Task<(byte[] Bytes, int Reads)> ReadToEndAsync(MemoryByteConnection connection)
    {
        var all = new List<byte>();
        for (var reads = 1; ; reads++)
        {
            var read = await connection.Input.ReadAsync();
            all.AddRange(read.Buffer.ToArray());
            connection.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return (all.ToArray(), reads);
        }
    }
}
