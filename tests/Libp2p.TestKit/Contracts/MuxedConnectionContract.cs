using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <summary>What every <see cref="IMuxedConnection"/> keeps: those of stream muxers (see <see cref="StreamMuxerContract"/>) and of multiplexed transports.</summary>
public abstract partial class MuxedConnectionContract
{
    /// <summary>A connected pair.</summary>
    protected abstract ValueTask<MuxedPair> ConnectAsync();

    /// <summary>How many streams may wait to be accepted. Default 256.</summary>
    protected virtual int Backlog => 256;

    /// <summary>Whether the code of an aborted connection reaches the remote.</summary>
    protected virtual bool CarriesConnectionCodes => false;

    /// <summary>Whether the remote can tell an ordinary close from a loss.</summary>
    protected virtual bool AnnouncesItsEnd => true;

    /// <summary>How many streams are opened and closed one after the other. Default 5,000.</summary>
    protected virtual int Churn => 5_000;

    /// <summary>How long to wait for what must happen.</summary>
    protected virtual TimeSpan Patience => Watchdog.Patience;

    [Fact]
    public async Task Both_ends_open_streams_at_the_same_time()
    {
        await using var pair = await ConnectAsync();
        var opening = Task.WhenAll(pair.OpenAsync(Patience), pair.OpenAsync(Patience, fromListener: true));
        foreach (var (opened, accepted) in await opening.Within(Patience)) await EchoAsync(opened, accepted, 1000);
    }

    [Fact]
    public async Task A_flush_without_bytes_announces_the_stream()
    {
        await using var pair = await ConnectAsync();
        var stream = await pair.Dialer.OpenStreamAsync().Within(Patience);
        await stream.Output.FlushAsync().Within(Patience);
        (await pair.Listener.AcceptStreamAsync().Within(Patience)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_stream_that_is_closed_without_bytes_is_announced_and_reads_as_empty()
    {
        await using var pair = await ConnectAsync();
        var stream = await pair.Dialer.OpenStreamAsync().Within(Patience);
        await stream.Output.CompleteAsync();
        var accepted = (await pair.Listener.AcceptStreamAsync().Within(Patience)).ShouldNotBeNull();
        (await accepted.Input.ReadToEndAsync().Within(Patience)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Streams_are_accepted_in_the_order_in_which_they_were_announced()
    {
        await using var pair = await ConnectAsync();
        for (byte i = 0; i < 50; i++)
        {
            var stream = await pair.Dialer.OpenStreamAsync().Within(Patience);
            await stream.Output.WriteAsync(new[] { i }).Within(Patience);
        }

        for (byte i = 0; i < 50; i++)
        {
            var stream = (await pair.Listener.AcceptStreamAsync().Within(Patience)).ShouldNotBeNull();
            (await stream.Input.ReadExactlyAsync(1).Within(Patience)).ShouldBe([i]);
        }
    }

    [Fact]
    public async Task Streams_may_be_announced_in_another_order_than_they_were_opened()
    {
        await using var pair = await ConnectAsync();
        var first = await pair.Dialer.OpenStreamAsync().Within(Patience);
        var second = await pair.Dialer.OpenStreamAsync().Within(Patience);
        foreach (var stream in new[] { second, first })
        {
            await stream.Output.WriteToEndAsync("x"u8.ToArray());
            var accepted = (await pair.Listener.AcceptStreamAsync().Within(Patience)).ShouldNotBeNull();
            (await accepted.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("x"u8.ToArray());
        }
    }

    [Fact]
    public async Task Ids_tell_the_streams_of_a_connection_apart()
    {
        await using var pair = await ConnectAsync();
        var ids = new HashSet<ulong>();
        for (var i = 0; i < 10; i++)
        {
            var (opened, _) = await pair.OpenAsync(Patience, fromListener: i % 2 == 1);
            ids.Add(opened.Id).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task What_was_written_and_closed_before_the_stream_was_accepted_is_read_whole()
    {
        await using var pair = await ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            var stream = await pair.Dialer.OpenStreamAsync().Within(Patience);
            await stream.Output.WriteToEndAsync(DuplexBytes.Pattern(5000, i));
            await stream.DisposeAsync().Within(Patience);
        }

        for (var i = 0; i < 20; i++)
        {
            var accepted = (await pair.Listener.AcceptStreamAsync().Within(Patience)).ShouldNotBeNull();
            (await accepted.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes(DuplexBytes.Pattern(5000, i));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 100)]
    [InlineData(10, 100)]
    [InlineData(100, 10)]
    [InlineData(128, 1)]
    [InlineData(500, 1)]
    [InlineData(1000, 1)]
    public async Task Many_streams_echo_many_messages(int streams, int messages)
    {
        await using var pair = await ConnectAsync();
        var serving = ServeAsync(pair.Listener);
        var open = new ScheduledSemaphore(128, Simulation.CurrentScheduler);
        var clients = Enumerable.Range(0, streams).Select(async n =>
        {
            await open.WaitAsync();
            try
            {
                await using var stream = await pair.Dialer.OpenStreamAsync();
                for (var i = 0; i < messages; i++)
                {
                    var message = DuplexBytes.Pattern(1 + (n * 31 + i * 977) % 8000, seed: n + i);
                    await stream.Output.WriteAsync(message);
                    (await stream.Input.ReadExactlyAsync(message.Length)).ShouldBeBytes(message, $"message {i} of stream {n}");
                }

                await stream.Output.CompleteAsync();
                (await stream.Input.ReadToEndAsync()).ShouldBeEmpty();
            }
            finally
            {
                open.Release();
            }
        });
        await Task.WhenAll(clients).Within(Patience);
        await pair.Dialer.DisposeAsync().Within(Patience);
        await serving.Within(Patience);
    }

    [Fact]
    public async Task Streams_open_and_close_thousands_of_times()
    {
        await using var pair = await ConnectAsync();
        var serving = ServeAsync(pair.Listener);
        var message = new byte[1];
        for (var i = 0; i < Churn; i++)
        {
            await using var stream = await pair.Dialer.OpenStreamAsync();
            message[0] = (byte)i;
            await stream.Output.WriteAsync(message);
            await stream.Output.CompleteAsync();
            (await stream.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes(message);
        }

        await pair.Dialer.DisposeAsync().Within(Patience);
        await serving.Within(Patience);
    }

    [Fact]
    public async Task Large_transfers_both_ways_on_many_streams_do_not_block_each_other()
    {
        await using var pair = await ConnectAsync();
        var payload = DuplexBytes.Pattern(Concurrently.Large(1024 * 1024));
        var transfers = new List<Task>();
        for (var i = 0; i < 8; i++)
        {
            var (opened, accepted) = await pair.OpenAsync(Patience, fromListener: i % 2 == 0);
            foreach (var (from, to) in new[] { (opened, accepted), (accepted, opened) })
            {
                transfers.Add(from.Output.WriteToEndAsync(payload));
                transfers.Add(Concurrently.Run(async () => (await to.Input.ReadToEndAsync()).ShouldBeBytes(payload)));
            }
        }

        await Task.WhenAll(transfers).Within(Patience);
    }

    [Fact]
    public async Task Closing_or_resetting_one_stream_spares_the_others()
    {
        await using var pair = await ConnectAsync();
        var spared = await pair.OpenAsync(Patience);
        var closed = await pair.OpenAsync(Patience);
        var reset = await pair.OpenAsync(Patience, fromListener: true);
        await closed.Opened.DisposeAsync().Within(Patience);
        reset.Opened.Abort(StreamSide.Both, new StreamErrorCode(7));
        await reset.Accepted.Aborted.Within(Patience);
        await EchoAsync(spared.Opened, spared.Accepted, 100_000);
    }

    [Fact]
    public async Task A_stream_reset_before_it_was_accepted_does_not_block_the_next()
    {
        await using var pair = await ConnectAsync();
        var first = await pair.Dialer.OpenStreamAsync().Within(Patience);
        await first.Output.WriteAsync(new byte[10]).Within(Patience);
        first.Abort(StreamSide.Both, new StreamErrorCode(7));
        var second = await pair.Dialer.OpenStreamAsync().Within(Patience);
        await second.Output.WriteToEndAsync("second"u8.ToArray());
        // Whether the reset one is still delivered is left open; if so, it is reset.
        var accepted = (await pair.Listener.AcceptStreamAsync().Within(Patience)).ShouldNotBeNull();
        try
        {
            (await accepted.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("second"u8.ToArray());
        }
        catch (StreamResetException)
        {
            accepted = (await pair.Listener.AcceptStreamAsync().Within(Patience)).ShouldNotBeNull();
            (await accepted.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("second"u8.ToArray());
        }
    }

    [Fact]
    public async Task A_cancelled_accept_loses_no_stream_and_a_cancelled_open_fails()
    {
        await using var pair = await ConnectAsync();
        using var cancel = new CancellationTokenSource();
        var accepting = pair.Listener.AcceptStreamAsync(cancel.Token).AsTask();
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting.Within(Patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Dialer.OpenStreamAsync(cancel.Token).Within(Patience));
        var (opened, accepted) = await pair.OpenAsync(Patience);
        await EchoAsync(opened, accepted, 10);
    }

    [Fact]
    public async Task Row23_Streams_beyond_the_backlog_are_refused_or_held_back_and_the_connection_lives()
    {
        await using var pair = await ConnectAsync();
        using var giveUp = new CancellationTokenSource();
        var opening = Enumerable.Range(0, Backlog + 50).Select(_ => OpenAsync()).ToList();
        await Watchdog.Eventually(() => opening.Count(Alive) >= Backlog / 2 && opening.Count(static open => !Alive(open)) >= 50, Patience, "as many streams as the backlog takes, and no more");

        var first = (await pair.Listener.AcceptStreamAsync().Within(Patience)).ShouldNotBeNull();
        await first.Output.WriteToEndAsync("alive"u8.ToArray());
        (await (await opening[0]).Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes("alive"u8.ToArray());
        pair.Dialer.Completion.IsCompleted.ShouldBeFalse();
        pair.Listener.Completion.IsCompleted.ShouldBeFalse();

        // Whoever still waits can give up.
        giveUp.Cancel();
        await Watchdog.Eventually(() => opening.TrueForAll(static open => open.IsCompleted), Patience, "the waiting opens to end");

        async Task<IMuxedStream> OpenAsync()
        {
            var stream = await pair.Dialer.OpenStreamAsync(giveUp.Token);
            await stream.Output.WriteAsync(new byte[1]);
            return stream;
        }

        static bool Alive(Task<IMuxedStream> open) => open.IsCompletedSuccessfully && !open.Result.Aborted.IsCancellationRequested;
    }

    private static async Task ServeAsync(IMuxedConnection connection)
    {
        var serving = new List<Task>();
        while (await connection.AcceptStreamAsync() is { } stream)
        {
            serving.RemoveAll(static task => task.IsCompletedSuccessfully);
            serving.Add(Concurrently.Run(async () =>
            {
                try
                {
                    await stream.EchoAsync();
                }
                catch (StreamResetException) when (connection.Completion.IsCompleted)
                {
                    // The client closed the connection behind the last stream.
                }

                await stream.DisposeAsync();
            }));
        }

        await Task.WhenAll(serving);
    }

    private async Task EchoAsync(IMuxedStream client, IMuxedStream server, int length)
    {
        var echo = server.EchoAsync();
        var message = DuplexBytes.Pattern(length);
        var writing = client.Output.WriteToEndAsync(message);
        (await client.Input.ReadToEndAsync().Within(Patience)).ShouldBeBytes(message);
        await writing.Within(Patience);
        await echo.Within(Patience);
    }
}
