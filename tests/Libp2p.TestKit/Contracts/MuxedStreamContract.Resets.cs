using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

public abstract partial class MuxedStreamContract
{
    private static readonly StreamErrorCode Code = new(42);

    [Fact]
    public async Task A_reset_wakes_the_readers_of_both_sides_and_says_who_did_it()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        var myRead = mine.Input.ReadAsync().AsTask();
        var theirRead = theirs.Input.ReadAsync().AsTask();
        mine.Abort(StreamSide.Both, Code);
        Check(await Assert.ThrowsAnyAsync<StreamResetException>(() => myRead.Within(Patience)), byRemote: false);
        Check(await Assert.ThrowsAnyAsync<StreamResetException>(() => theirRead.Within(Patience)), byRemote: true);
    }

    [Fact]
    public async Task A_reset_wakes_the_writers_of_both_sides_and_says_who_did_it()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        var (myWrites, myCount) = Fill(mine.Output, long.MaxValue);
        var (theirWrites, theirCount) = Fill(theirs.Output, long.MaxValue);
        await Quiet.UntilAsync(() => myCount() + theirCount(), Task.WhenAll(myWrites, theirWrites));
        mine.Abort(StreamSide.Both, Code);
        Check(await Assert.ThrowsAnyAsync<StreamResetException>(() => myWrites.Within(Patience)), byRemote: false);
        Check(await Assert.ThrowsAnyAsync<StreamResetException>(() => theirWrites.Within(Patience)), byRemote: true);
    }

    [Fact]
    public async Task After_a_reset_reads_and_writes_of_both_sides_keep_failing()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        mine.Abort(StreamSide.Both, Code);
        await theirs.Aborted.Within(Patience);
        for (var i = 0; i < 2; i++)
        {
            foreach (var (stream, byRemote) in new[] { (mine, false), (theirs, true) })
            {
                Check(await Assert.ThrowsAnyAsync<StreamResetException>(() => stream.Input.ReadAsync().Within(Patience)), byRemote);
                Check(await Assert.ThrowsAnyAsync<StreamResetException>(() => stream.Output.WriteAsync(new byte[1]).Within(Patience)), byRemote);
            }
        }
    }

    [Fact]
    public async Task A_reset_is_never_read_as_the_end()
    {
        await using var pair = await ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            var (mine, theirs) = await pair.OpenAsync(Patience);
            await mine.Output.WriteAsync(new byte[1 + i]).Within(Patience);
            mine.Abort(StreamSide.Both, Code);
            await Assert.ThrowsAnyAsync<StreamResetException>(() => theirs.Input.DrainAsync().Within(Patience));
        }
    }

    [Fact]
    public async Task A_reset_after_the_writes_were_closed_still_reaches_the_reader_who_writes_on()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        await mine.Output.CompleteAsync();
        await theirs.Input.ReadToEndAsync().Within(Patience);
        mine.Abort(StreamSide.Both, Code);
        await Assert.ThrowsAnyAsync<StreamResetException>(async () =>
        {
            // The reset is on its way: writes fail once it is there.
            await theirs.Aborted.Within(Patience);
            await theirs.Output.WriteAsync(new byte[1]).Within(Patience);
        });
    }

    [Fact]
    public async Task Completing_the_output_with_an_exception_resets_the_write_side()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        await mine.Output.WriteAsync(new byte[3]).Within(Patience);
        await mine.Output.CompleteAsync(new InvalidOperationException("test"));
        (await Assert.ThrowsAnyAsync<StreamResetException>(() => theirs.Input.DrainAsync().Within(Patience))).ByRemote.ShouldBeTrue();
        await mine.WritesClosed.Within(Patience);
    }

    [Fact]
    public async Task Resetting_the_write_side_resets_the_remote_reader()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        mine.Abort(StreamSide.Write, Code);
        Check(await Assert.ThrowsAnyAsync<StreamResetException>(() => theirs.Input.DrainAsync().Within(Patience)), byRemote: true);
        await Assert.ThrowsAnyAsync<StreamResetException>(() => mine.Output.WriteAsync(new byte[1]).Within(Patience));
        if (!ResetsOneWayAlone) return;
        await theirs.Output.WriteToEndAsync("the other way lives"u8.ToArray());
        (await mine.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("the other way lives"u8.ToArray());
    }

    [Fact]
    public async Task Resetting_the_read_side_stops_the_remote_writer()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        mine.Abort(StreamSide.Read, Code);
        await Assert.ThrowsAnyAsync<StreamResetException>(() => mine.Input.ReadAsync().Within(Patience));
        var (writing, _) = Fill(theirs.Output, long.MaxValue);
        Check(await Assert.ThrowsAnyAsync<StreamResetException>(() => writing.Within(Patience)), byRemote: true);
        if (!ResetsOneWayAlone) return;
        await mine.Output.WriteToEndAsync("the other way lives"u8.ToArray());
        (await theirs.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("the other way lives"u8.ToArray());
    }

    [Fact]
    public async Task Aborted_is_cancelled_and_WritesClosed_completes_at_both_sides_after_a_reset()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        theirs.Aborted.IsCancellationRequested.ShouldBeFalse();
        mine.Abort(StreamSide.Both, Code);
        await mine.Aborted.Within(Patience);
        await theirs.Aborted.Within(Patience);
        await mine.WritesClosed.Within(Patience);
        await theirs.WritesClosed.Within(Patience);
    }

    [Fact]
    public async Task Aborted_is_cancelled_and_reads_fail_when_the_connection_is_lost()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        var reading = theirs.Input.ReadAsync().AsTask();
        pair.Dialer.Abort(ConnectionErrorCode.ProtocolError);
        await mine.Aborted.Within(Patience);
        await theirs.Aborted.Within(Patience);
        (await Assert.ThrowsAnyAsync<StreamResetException>(() => reading.Within(Patience))).ByRemote.ShouldBeTrue();
        (await Assert.ThrowsAnyAsync<StreamResetException>(() => mine.Input.ReadAsync().Within(Patience))).ByRemote.ShouldBeFalse();
        await Assert.ThrowsAnyAsync<StreamResetException>(() => mine.Output.WriteAsync(new byte[1]).Within(Patience));
        await mine.WritesClosed.Within(Patience);
        await theirs.WritesClosed.Within(Patience);
    }

    [Fact]
    public async Task Abort_may_come_from_any_thread_while_the_stream_is_read_and_written()
    {
        await using var pair = await ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            var (mine, theirs) = await pair.OpenAsync(Patience);
            var echo = theirs.EchoAsync();
            var (writing, _) = Fill(mine.Output, long.MaxValue);
            var reading = mine.Input.DrainAsync();
            await Task.WhenAll(Enumerable.Range(0, 4).Select(n => Concurrently.Run(() => (n % 2 == 0 ? mine : theirs).Abort(StreamSide.Both, Code)))).Within(Patience);
            await Assert.ThrowsAnyAsync<StreamResetException>(() => writing.Within(Patience));
            await Assert.ThrowsAnyAsync<StreamResetException>(() => reading.Within(Patience));
            await Assert.ThrowsAnyAsync<StreamResetException>(() => echo.Within(Patience));
        }
    }

    [Fact]
    public async Task Disposing_after_a_reset_is_harmless_and_the_connection_lives()
    {
        await using var pair = await ConnectAsync();
        var (mine, theirs) = await pair.OpenAsync(Patience);
        mine.Abort(StreamSide.Both, Code);
        await theirs.Aborted.Within(Patience);
        foreach (var stream in new[] { mine, theirs })
        {
            await stream.Output.CompleteAsync();
            await stream.Input.CompleteAsync();
            await stream.DisposeAsync().Within(Patience);
            stream.Abort(StreamSide.Both, StreamErrorCode.None);
        }

        var (next, accepted) = await pair.OpenAsync(Patience);
        await next.Output.WriteToEndAsync("alive"u8.ToArray());
        (await accepted.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("alive"u8.ToArray());
    }

    private void Check(StreamResetException reset, bool byRemote)
    {
        reset.ByRemote.ShouldBe(byRemote);
        if (CarriesErrorCodes || !byRemote) reset.Code.ShouldBe(Code);
    }
}
