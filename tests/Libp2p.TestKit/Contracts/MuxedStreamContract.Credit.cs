using System.IO.Pipelines;
using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

public abstract partial class MuxedStreamContract
{
    private const int Piece = 16 * 1024;

    [Fact]
    public async Task A_writer_is_held_while_nobody_reads_and_goes_on_as_bytes_are_consumed()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        var total = MostUnread + (1024 * 1024);
        var (writing, written) = Fill(mine.Output, total);
        await Quiet.UntilAsync(written, writing);
        await Quiet.StillWaitsAsync(writing, $"{total} bytes were taken while nobody read; {MostUnread} are allowed");
        (await theirs.Input.DrainAsync().Within(Patience)).ShouldBe(total);
        await writing.Within(Patience);
    }

    [Fact]
    public async Task Looking_at_bytes_returns_no_credit_only_consuming_does()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        var (writing, written) = Fill(mine.Output, MostUnread + (1024 * 1024));
        // Looks at everything that arrives and takes nothing, until it is called back.
        var looking = Concurrently.Run(async () =>
        {
            while (true)
            {
                var read = await theirs.Input.ReadAsync();
                theirs.Input.AdvanceTo(read.IsCanceled ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
                if (read.IsCompleted || read.IsCanceled) return;
            }
        });
        await Quiet.UntilAsync(written, writing);
        await Quiet.StillWaitsAsync(writing, "credit returned for bytes that nobody consumed");
        theirs.Input.CancelPendingRead();
        await looking.Within(Patience);
        await theirs.Input.DrainAsync().Within(Patience);
        await writing.Within(Patience);
    }

    [Fact]
    public async Task Completing_the_input_discards_the_rest_and_still_returns_credit()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        await mine.Output.WriteAsync(new byte[10]).Within(Patience);
        await theirs.Input.ReadExactlyAsync(5).Within(Patience);
        await theirs.Input.CompleteAsync();
        var (writing, _) = Fill(mine.Output, 4 * MostUnread);
        await writing.Within(Patience);
        await theirs.Output.WriteToEndAsync("the other way lives"u8.ToArray());
        (await mine.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("the other way lives"u8.ToArray());
    }

    [Fact]
    public async Task One_exhausted_stream_holds_no_other()
    {
        await using var pair = await ConnectAsync();
        var (stuck, _) = await pair.OpenAsync(Patience);
        var (writing, written) = Fill(stuck.Output, MostUnread + (1024 * 1024));
        await Quiet.UntilAsync(written, writing);
        for (var i = 0; i < 3; i++)
        {
            var (mine, theirs) = await pair.OpenAsync(Patience, fromListener: i == 1);
            var echo = theirs.EchoAsync();
            var message = DuplexBytes.Pattern(1024 * 1024, seed: i);
            var sending = mine.Output.WriteToEndAsync(message);
            (await mine.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes(message);
            await sending.Within(Patience);
            await echo.Within(Patience);
        }

        await Quiet.StillWaitsAsync(writing);
        stuck.Abort(StreamSide.Both, StreamErrorCode.None);
        await Assert.ThrowsAnyAsync<StreamResetException>(() => writing.Within(Patience));
    }

    [Fact]
    public async Task A_flush_cancelled_under_back_pressure_leaves_the_stream_usable_and_loses_nothing()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        var sent = DuplexBytes.Pattern(MostUnread + (1024 * 1024));
        using var cancel = new CancellationTokenSource();
        var flush = mine.Output.WriteAsync(sent, cancel.Token).AsTask();
        await Quiet.UntilAsync(static () => 0, flush);
        await Quiet.StillWaitsAsync(flush, "the flush was not held");
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush.Within(Patience));
        var reading = theirs.Input.ReadToEndAsync();
        await mine.Output.WriteAsync("more"u8.ToArray()).Within(Patience);
        await mine.Output.CompleteAsync();
        (await reading.Within(Patience)).ShouldBeBytes((byte[])[.. sent, .. "more"u8]);
    }

    [Fact]
    public async Task Closing_waits_for_the_data_that_the_remote_has_not_taken_yet()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        var sent = DuplexBytes.Pattern(MostUnread + (1024 * 1024));
        var memory = mine.Output.GetMemory(sent.Length);
        sent.CopyTo(memory);
        mine.Output.Advance(sent.Length);
        mine.Output.Complete();
        await Quiet.UntilAsync(static () => 0, mine.WritesClosed);
        mine.WritesClosed.IsCompleted.ShouldBeFalse("the write side cannot be closed while most of its data waits for credit");
        (await theirs.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes(sent);
        await mine.WritesClosed.Within(Patience);
    }

    // Writes zeros, then closes the write side; says how many bytes were taken so far.
    private static (Task Writing, Func<long> Written) Fill(PipeWriter writer, long total)
    {
        var written = 0L;
        return (Concurrently.Run(async () =>
        {
            var piece = new byte[Piece];
            while (written < total)
            {
                await writer.WriteAsync(piece);
                Interlocked.Add(ref written, Piece);
            }

            await writer.CompleteAsync();
        }), () => Interlocked.Read(ref written));
    }
}
