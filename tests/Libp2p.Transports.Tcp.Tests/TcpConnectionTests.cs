using System.Buffers;
using System.IO.Pipelines;
using Libp2p.TestKit;

namespace Libp2p.Transports.Tcp.Tests;

public sealed class TcpConnectionTests
{
    [Theory]
    [InlineData("/ip4/127.0.0.1/tcp/0")]
    [InlineData("/ip6/::1/tcp/0")]
    public async Task Sixty_four_pieces_of_64_KiB_are_echoed_unchanged(string listen)
    {
        await using var pair = await TcpFixture.PairAsync(listen: listen);
        var sent = new byte[64 * 64 * 1024];
        new Random(64).NextBytes(sent);

        var echo = EchoAsync(pair.Listener);
        var sending = SendAsync(pair.Dialer.Output, sent, 64 * 1024);
        (await ReadToEndAsync(pair.Dialer.Input).Within()).AsSpan().SequenceEqual(sent).ShouldBeTrue();
        await sending.Within();
        await echo.Within();
        await pair.Dialer.Closed.Within();
        await pair.Listener.Closed.Within();
    }

    [Fact]
    public async Task A_connection_counts_its_bytes_each_way()
    {
        await using var pair = await TcpFixture.PairAsync();
        await using var other = await TcpFixture.PairAsync();
        await pair.Dialer.Output.WriteAsync(new byte[100_000]).AsTask().Within();
        var read = await pair.Listener.Input.ReadAtLeastAsync(100_000).AsTask().Within();
        pair.Listener.Input.AdvanceTo(read.Buffer.End);
        await pair.Listener.Output.WriteAsync(new byte[7]).AsTask().Within();
        (await pair.Dialer.Input.ReadAtLeastAsync(7).AsTask().Within()).Buffer.Length.ShouldBe(7);

        var (near, far) = (Counts(pair.Dialer), Counts(pair.Listener));
        (near.Sent, near.Received).ShouldBe((100_000, 7));
        (far.Sent, far.Received).ShouldBe((7, 100_000));
        (Counts(other.Dialer).Sent, Counts(other.Dialer).Received).ShouldBe((0, 0));

        static IByteCounts Counts(IByteConnection connection) => (IByteCounts)connection.GetFeature(typeof(IByteCounts)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_a_reader_waits_to_see_whole_is_priced_until_it_is_consumed()
    {
        using var scope = new TestScope();
        await using var pair = await TcpFixture.PairAsync(scope: scope);
        var sending = pair.Dialer.Output.WriteAsync(new byte[600_000]).AsTask();
        var read = await pair.Listener.Input.ReadAtLeastAsync(600_000).AsTask().Within();
        scope.Reserved.ShouldBeGreaterThanOrEqualTo(600_000);
        pair.Listener.Input.AdvanceTo(read.Buffer.End);
        scope.Reserved.ShouldBe(0);
        await sending.Within();
        await pair.Listener.DisposeAsync();
        scope.Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task Where_there_is_no_memory_bulk_passes_in_small_buffers_and_what_does_not_fit_is_refused_with_the_limit()
    {
        using var scope = new TestScope(limit: 0);
        await using var pair = await TcpFixture.PairAsync(scope: scope);
        var sent = new byte[1_000_000];
        new Random(1).NextBytes(sent);
        var sending = SendAsync(pair.Dialer.Output, sent, 64 * 1024);
        (await ReadToEndAsync(pair.Listener.Input).Within()).AsSpan().SequenceEqual(sent).ShouldBeTrue();
        await sending.Within();

        await using var other = await TcpFixture.PairAsync(scope: scope);
        sending = other.Dialer.Output.WriteAsync(new byte[100_000]).AsTask();
        var refused = await Should.ThrowAsync<TransportException>(other.Listener.Input.ReadAtLeastAsync(100_000).AsTask().Within());
        refused.InnerException.ShouldBeOfType<ResourceLimitException>();
        await sending.ContinueWith(static _ => { }, TaskScheduler.Default).Within();
        scope.Reserved.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task However_it_is_cut_and_consumed_every_byte_comes_once_and_in_order(int seed)
    {
        var random = new Random(seed);
        await using var pair = await TcpFixture.PairAsync(new TcpOptions { ReceiveBuffer = 16 * 1024, SendBuffer = 1024 });
        var sent = new byte[3_000_000];
        random.NextBytes(sent);
        var sending = SendAsync(pair.Dialer.Output, sent, () => random.Next(1, 40_000));

        var reading = new Random(seed + 100);
        var received = new ArrayBufferWriter<byte>(sent.Length);
        var input = pair.Listener.Input;
        while (true)
        {
            var read = await input.ReadAsync().Within();
            if (read.Buffer.IsEmpty && read.IsCompleted)
            {
                break;
            }

            read.Buffer.IsSingleSegment.ShouldBeTrue();

            // Sometimes nothing, sometimes part, sometimes all; what is left is examined or not.
            var length = (int)read.Buffer.Length;
            var take = reading.Next(3) switch { 0 => 0, 1 => reading.Next(0, length + 1), _ => length };
            if (read.IsCompleted)
            {
                take = Math.Max(1, take);
            }

            received.Write(read.Buffer.FirstSpan[..take]);
            var examined = reading.Next(2) == 0 ? read.Buffer.GetPosition(reading.Next(take, length + 1)) : read.Buffer.End;
            input.AdvanceTo(read.Buffer.GetPosition(take), examined);
        }

        await sending.Within();
        received.WrittenSpan.SequenceEqual(sent).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_left_unexamined_comes_at_once_and_what_was_examined_waits_for_more()
    {
        await using var pair = await TcpFixture.PairAsync();
        await pair.Dialer.Output.WriteAsync("abcd"u8.ToArray());
        var input = pair.Listener.Input;
        var read = await input.ReadAtLeastAsync(4).Within();
        input.AdvanceTo(read.Buffer.GetPosition(1), read.Buffer.GetPosition(2));

        var again = input.ReadAsync();
        again.IsCompleted.ShouldBeTrue();
        read = await again;
        read.Buffer.ToArray().ShouldBe("bcd"u8.ToArray());
        input.AdvanceTo(read.Buffer.Start, read.Buffer.End);

        var waiting = input.ReadAsync().AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        await pair.Dialer.Output.WriteAsync("e"u8.ToArray());
        read = await waiting.Within();
        read.Buffer.ToArray().ShouldBe("bcde"u8.ToArray());
        input.AdvanceTo(read.Buffer.End);
    }

    [Fact]
    public async Task What_was_read_may_be_written_to_until_it_is_consumed()
    {
        await using var pair = await TcpFixture.PairAsync();
        await pair.Dialer.Output.WriteAsync("secret"u8.ToArray());
        var read = await pair.Listener.Input.ReadAtLeastAsync(6).Within();
        var memory = System.Runtime.InteropServices.MemoryMarshal.AsMemory(read.Buffer.First);
        memory.Span.Fill((byte)'x');
        pair.Listener.Input.AdvanceTo(read.Buffer.GetPosition(5), read.Buffer.GetPosition(5));
        read = await pair.Listener.Input.ReadAsync().Within();
        read.Buffer.ToArray().ShouldBe("x"u8.ToArray());
    }

    [Fact]
    public async Task Row18_What_the_pool_held_before_is_never_seen()
    {
        const byte canary = 0xEE;
        Poison();
        await using var pair = await TcpFixture.PairAsync(new TcpOptions { ReceiveBuffer = 16 * 1024, SendBuffer = 1024 });
        var input = pair.Listener.Input;
        var random = new Random(18);
        for (var round = 0; round < 300; round++)
        {
            // Written by halves of what was asked for, so that the rest of the memory is the pool's.
            var length = random.Next(1, 20_000);
            pair.Dialer.Output.GetSpan(length * 2)[..length].Clear();
            pair.Dialer.Output.Advance(length);
            await pair.Dialer.Output.FlushAsync();
            for (var left = (long)length; left > 0;)
            {
                var read = await input.ReadAsync().Within();
                foreach (var piece in read.Buffer)
                {
                    piece.Span.ContainsAnyExcept((byte)0).ShouldBeFalse();
                    System.Runtime.InteropServices.MemoryMarshal.AsMemory(piece).Span.Clear();
                }

                var take = random.NextInt64(1, read.Buffer.Length + 1);
                left -= take;
                input.AdvanceTo(read.Buffer.GetPosition(take));
            }

            Poison();
        }

        static void Poison()
        {
            foreach (var size in new[] { 1024, 4096, 16 * 1024, 64 * 1024 })
            {
                var held = Enumerable.Range(0, 3).Select(_ => ArrayPool<byte>.Shared.Rent(size)).ToList();
                foreach (var array in held)
                {
                    array.AsSpan().Fill(canary);
                    ArrayPool<byte>.Shared.Return(array);
                }
            }
        }
    }

    [Fact]
    public async Task A_reader_that_consumes_nothing_is_given_up_and_not_the_memory()
    {
        await using var pair = await TcpFixture.PairAsync(new TcpOptions { ReceiveBuffer = 64 * 1024 });
        var sending = SendAsync(pair.Dialer.Output, new byte[16 * 1024 * 1024], 64 * 1024);
        var most = 0L;
        var failure = await Should.ThrowAsync<TransportException>(async () =>
        {
            while (true)
            {
                var read = await pair.Listener.Input.ReadAsync().Within();
                most = Math.Max(most, read.Buffer.Length);
                pair.Listener.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        });
        failure.Message.ShouldContain("none consumed");
        most.ShouldBeLessThanOrEqualTo(8 * 1024 * 1024);
        await Should.ThrowAsync<TransportException>(() => sending.Within());
    }

    [Fact]
    public async Task A_quiet_connection_holds_no_large_buffer()
    {
        await using var pair = await TcpFixture.PairAsync();
        var input = pair.Listener.Input;
        await SendOnlyAsync(pair.Dialer.Output, new byte[400_000]);
        for (var left = 400_000L; left > 0;)
        {
            var read = await input.ReadAsync().Within();
            left -= read.Buffer.Length;
            input.AdvanceTo(read.Buffer.End);
        }

        var waiting = input.ReadAsync().AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        ((TcpReader)input).HeldBytes.ShouldBeLessThanOrEqualTo(4096);

        await pair.Dialer.Output.WriteAsync(new byte[] { 1 });
        (await waiting.Within()).Buffer.Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_that_is_quiet_after_short_messages_holds_half_a_KiB()
    {
        await using var pair = await TcpFixture.PairAsync();
        var input = pair.Listener.Input;
        foreach (var (length, holds) in new[] { (1, 512), (511, 512), (2000, 4096), (511, 512) })
        {
            var sent = Enumerable.Range(0, length).Select(static i => (byte)i).ToArray();
            await SendOnlyAsync(pair.Dialer.Output, sent);
            var read = await input.ReadAsync().Within();
            while (read.Buffer.Length < length)
            {
                // A message that is longer than the buffer: what is there is not consumed, the rest comes behind it.
                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                read = await input.ReadAsync().Within();
            }

            read.Buffer.ToArray().ShouldBe(sent);
            input.AdvanceTo(read.Buffer.End);
            var waiting = input.ReadAsync().AsTask();
            ((TcpReader)input).HeldBytes.ShouldBe(holds, $"after {length} bytes");
            input.CancelPendingRead();
            var cancelled = await waiting.Within();
            cancelled.IsCanceled.ShouldBeTrue();
            input.AdvanceTo(cancelled.Buffer.End);
        }
    }

    [Fact]
    public async Task The_end_is_seen_and_the_other_way_stays_open()
    {
        await using var pair = await TcpFixture.PairAsync();
        pair.Dialer.Output.Write("last"u8);
        await pair.Dialer.Output.CompleteAsync();
        (await ReadToEndAsync(pair.Listener.Input).Within()).ShouldBe("last"u8.ToArray());

        await pair.Listener.Output.WriteAsync("answer"u8.ToArray());
        (await pair.Dialer.Input.ReadAtLeastAsync(6).Within()).Buffer.ToArray().ShouldBe("answer"u8.ToArray());
        pair.Dialer.Closed.IsCancellationRequested.ShouldBeFalse();
        pair.Listener.Closed.IsCancellationRequested.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => pair.Dialer.Output.GetMemory());
    }

    [Fact]
    public async Task Completing_without_a_flush_still_sends_what_was_written()
    {
        await using var pair = await TcpFixture.PairAsync();
        var bytes = new byte[5_000_000];
        new Random(3).NextBytes(bytes);
        pair.Dialer.Output.Write(bytes);
        pair.Dialer.Output.Complete();
        (await ReadToEndAsync(pair.Listener.Input).Within()).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
    }

    [Fact]
    public async Task Completing_with_an_error_is_no_end_for_the_remote()
    {
        await using var pair = await TcpFixture.PairAsync();
        pair.Dialer.Output.Write("half"u8);
        pair.Dialer.Output.Complete(new InvalidDataException("broken above"));
        await Should.ThrowAsync<TransportException>(() => ReadToEndAsync(pair.Listener.Input).Within());
        (await Should.ThrowAsync<TransportException>(() => pair.Dialer.Input.ReadAsync().AsTask())).Message.ShouldContain("broken above");
    }

    [Fact]
    public async Task Abort_wakes_both_sides_and_later_calls_fail()
    {
        await using var pair = await TcpFixture.PairAsync();
        var reading = pair.Dialer.Input.ReadAsync().AsTask();
        var remote = pair.Listener.Input.ReadAsync().AsTask();
        var writing = SendOnlyAsync(pair.Dialer.Output, new byte[64 * 1024 * 1024]);
        writing.IsCompleted.ShouldBeFalse();

        pair.Dialer.Abort(new TimeoutException("too slow"));

        (await Should.ThrowAsync<TransportException>(() => reading.Within())).Message.ShouldContain("too slow");
        await Should.ThrowAsync<TransportException>(() => writing.Within());
        await Should.ThrowAsync<TransportException>(async () =>
        {
            // Bytes may have arrived before the reset.
            while (true)
            {
                var read = await remote.Within();
                pair.Listener.Input.AdvanceTo(read.Buffer.End);
                remote = pair.Listener.Input.ReadAsync().AsTask();
            }
        });
        await Should.ThrowAsync<TransportException>(() => pair.Dialer.Input.ReadAsync().AsTask());
        await Should.ThrowAsync<TransportException>(() => pair.Dialer.Output.WriteAsync(new byte[1]).AsTask());
        pair.Dialer.Closed.IsCancellationRequested.ShouldBeTrue();
        await pair.Listener.Closed.Within();
    }

    [Fact]
    public async Task Disposing_twice_and_aborting_after_are_allowed_and_the_remote_reads_the_end()
    {
        await using var pair = await TcpFixture.PairAsync();
        await pair.Dialer.Output.WriteAsync("bye"u8.ToArray());
        await pair.Dialer.DisposeAsync();
        await pair.Dialer.DisposeAsync();
        pair.Dialer.Abort(null);
        (await ReadToEndAsync(pair.Listener.Input).Within()).ShouldBe("bye"u8.ToArray());
        pair.Dialer.Closed.IsCancellationRequested.ShouldBeTrue();
        (await Should.ThrowAsync<TransportException>(() => pair.Dialer.Input.ReadAsync().AsTask())).Message.ShouldContain("closed by this side");
    }

    [Fact]
    public async Task A_cancelled_read_loses_nothing()
    {
        await using var pair = await TcpFixture.PairAsync();
        for (var i = 0; i < 3; i++)
        {
            using var cancel = new CancellationTokenSource();
            var reading = pair.Listener.Input.ReadAsync(cancel.Token).AsTask();
            cancel.Cancel();
            await Should.ThrowAsync<OperationCanceledException>(() => reading.Within());
            await Should.ThrowAsync<OperationCanceledException>(() => pair.Listener.Input.ReadAsync(cancel.Token).AsTask());
        }

        await pair.Dialer.Output.WriteAsync("all"u8.ToArray());
        (await pair.Listener.Input.ReadAtLeastAsync(3).Within()).Buffer.ToArray().ShouldBe("all"u8.ToArray());
    }

    [Fact]
    public async Task CancelPendingRead_wakes_a_waiting_read_or_the_next_and_only_that()
    {
        await using var pair = await TcpFixture.PairAsync();
        var input = pair.Listener.Input;
        var reading = input.ReadAsync().AsTask();
        input.CancelPendingRead();
        (await reading.Within()).IsCanceled.ShouldBeTrue();

        input.CancelPendingRead();
        var next = await input.ReadAsync().Within();
        next.IsCanceled.ShouldBeTrue();
        input.AdvanceTo(next.Buffer.End);

        var waiting = input.ReadAsync().AsTask();
        await pair.Dialer.Output.WriteAsync("on"u8.ToArray());
        var read = await waiting.Within();
        read.IsCanceled.ShouldBeFalse();
        read.Buffer.IsEmpty.ShouldBeFalse();
    }

    [Fact]
    public async Task A_flush_cancelled_before_sends_nothing_and_the_next_sends_all()
    {
        await using var pair = await TcpFixture.PairAsync();
        pair.Dialer.Output.Write("kept"u8);
        await Should.ThrowAsync<OperationCanceledException>(() => pair.Dialer.Output.FlushAsync(new CancellationToken(true)).AsTask());
        pair.Dialer.Output.UnflushedBytes.ShouldBe(4);
        await pair.Dialer.Output.FlushAsync();
        (await pair.Listener.Input.ReadAtLeastAsync(4).Within()).Buffer.ToArray().ShouldBe("kept"u8.ToArray());
    }

    [Fact]
    public async Task A_flush_cancelled_while_it_sends_ends_the_connection()
    {
        await using var pair = await TcpFixture.PairAsync();
        using var cancel = new CancellationTokenSource();
        pair.Dialer.Output.Write(new byte[64 * 1024 * 1024]);
        var flushing = pair.Dialer.Output.FlushAsync(cancel.Token).AsTask();
        flushing.IsCompleted.ShouldBeFalse();
        cancel.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(() => flushing.Within());
        await pair.Dialer.Closed.Within();
    }

    [Fact]
    public async Task CancelPendingFlush_cuts_nothing()
    {
        await using var pair = await TcpFixture.PairAsync();
        pair.Dialer.Output.CancelPendingFlush();
        pair.Dialer.Output.Write("whole"u8);
        (await pair.Dialer.Output.FlushAsync()).IsCanceled.ShouldBeTrue();
        (await pair.Dialer.Output.FlushAsync()).IsCanceled.ShouldBeFalse();
        (await pair.Listener.Input.ReadAtLeastAsync(5).Within()).Buffer.ToArray().ShouldBe("whole"u8.ToArray());
    }

    [Fact]
    public async Task Written_and_borrowed_bytes_keep_their_order()
    {
        await using var pair = await TcpFixture.PairAsync();
        var gather = (IGatherWriter)pair.Dialer.GetFeature(typeof(IGatherWriter))!;
        var random = new Random(8);
        var expected = new ArrayBufferWriter<byte>();
        var reading = ReadToEndAsync(pair.Listener.Input);
        for (var round = 0; round < 200; round++)
        {
            for (var piece = random.Next(1, 6); piece > 0; piece--)
            {
                var bytes = new byte[random.Next(4) switch { 0 => 0, 1 => random.Next(1, 1024), 2 => random.Next(1025, 5000), _ => random.Next(5000, 90_000) }];
                random.NextBytes(bytes);
                expected.Write(bytes);
                if (random.Next(2) == 0)
                {
                    gather.Append(bytes);
                }
                else
                {
                    pair.Dialer.Output.Write(bytes);
                }
            }

            await pair.Dialer.Output.FlushAsync();
        }

        await pair.Dialer.Output.CompleteAsync();
        (await reading.Within()).AsSpan().SequenceEqual(expected.WrittenSpan).ShouldBeTrue();
    }

    [Fact]
    public async Task Other_features_are_absent()
    {
        await using var pair = await TcpFixture.PairAsync();
        pair.Dialer.GetFeature(typeof(string)).ShouldBeNull();
    }

    private static async Task EchoAsync(IByteConnection connection)
    {
        while (true)
        {
            var read = await connection.Input.ReadAsync();
            foreach (var piece in read.Buffer)
            {
                await connection.Output.WriteAsync(piece);
            }

            connection.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                await connection.Output.CompleteAsync();
                return;
            }
        }
    }

    private static async Task SendOnlyAsync(PipeWriter output, byte[] bytes) => await output.WriteAsync(bytes);

    private static Task SendAsync(PipeWriter output, byte[] bytes, int piece) => SendAsync(output, bytes, () => piece);

    private static async Task SendAsync(PipeWriter output, byte[] bytes, Func<int> piece)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            var count = Math.Min(piece(), bytes.Length - sent);
            await output.WriteAsync(bytes.AsMemory(sent, count));
            sent += count;
        }

        await output.CompleteAsync();
    }

    private static async Task<byte[]> ReadToEndAsync(PipeReader input)
    {
        var all = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await input.ReadAsync();
            foreach (var piece in read.Buffer)
            {
                all.Write(piece.Span);
            }

            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return all.WrittenSpan.ToArray();
            }
        }
    }
}
