using System.Buffers;
using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests.Records;

public sealed class NoiseReaderTests
{
    [Fact]
    public async Task All_whole_records_of_a_read_are_shown_at_once_where_they_lie()
    {
        await using var pair = SecuredPair.Create();
        var sent = new List<byte>();
        for (var i = 0; i < 20; i++)
        {
            sent.AddRange(DuplexBytes.Pattern(100, i));
            pair.Wire.ToListener.Inject(SecuredPair.Record(DuplexBytes.Pattern(100, i), (ulong)i));
        }

        pair.Wire.ToListener.Inject(SecuredPair.Record(new byte[50], 20).AsSpan(0, 30));
        var read = await pair.Listener.Input.ReadAsync().Within();
        read.Buffer.ToArray().ShouldBe(sent.ToArray());
        pair.ListenerCiphers.Receiving.Counter.ShouldBe(20UL);

        // Nothing was taken from the wire: the plaintext lies in its memory.
        pair.Wire.ToListener.InFlight.ShouldBe((20 * 118) + 30);
        pair.Listener.Input.AdvanceTo(read.Buffer.End);
        pair.Wire.ToListener.InFlight.ShouldBe(30);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_518)]
    [InlineData(65_519)]
    public async Task Records_of_every_size_pass(int size)
    {
        await using var pair = SecuredPair.Create();
        var bytes = DuplexBytes.Pattern(size);
        pair.Wire.ToListener.Inject(SecuredPair.Record(bytes, 0));
        pair.Wire.ToListener.Inject(SecuredPair.Record("end"u8, 1));
        (await SecuredPair.ReadAsync(pair.Listener.Input, size + 3)).AsSpan(0, size).SequenceEqual(bytes).ShouldBeTrue();
    }

    [Fact]
    public async Task Empty_records_are_no_data_and_no_end()
    {
        await using var pair = SecuredPair.Create();
        for (var i = 0; i < 1000; i++)
        {
            pair.Wire.ToListener.Inject(SecuredPair.Record([], (ulong)i));
        }

        var read = pair.Listener.Input.ReadAsync().AsTask();
        read.IsCompleted.ShouldBeFalse();
        pair.Wire.ToListener.Inject(SecuredPair.Record("x"u8, 1000));
        (await read.Within()).Buffer.Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    public async Task Row15_A_record_shorter_than_its_tag_closes(int length)
    {
        await using var pair = SecuredPair.Create();
        pair.Wire.ToListener.Inject([0, (byte)length, .. new byte[length]]);
        await FailsAsync(pair, "tag");
        pair.ListenerCiphers.Receiving.Counter.ShouldBe(0UL);
    }

    [Fact]
    public async Task Row15_A_record_of_65535_bytes_is_taken_when_it_is_genuine_and_closes_when_it_is_not()
    {
        await using var genuine = SecuredPair.Create();
        genuine.Wire.ToListener.Inject(SecuredPair.Record(new byte[65_519], 0));
        (await SecuredPair.ReadAsync(genuine.Listener.Input, 65_519)).Length.ShouldBe(65_519);
        await using var forged = SecuredPair.Create();
        forged.Wire.ToListener.Inject([0xFF, 0xFF, .. new byte[65_535]]);
        await FailsAsync(forged, "authenticated");
    }

    [Fact]
    public async Task Row15_Every_flipped_bit_closes_and_leaves_the_nonce_unmoved()
    {
        var good = SecuredPair.Record("twelve bytes"u8, 1);
        for (var bit = 16; bit < good.Length * 8; bit++)
        {
            await using var pair = SecuredPair.Create();
            var bad = (byte[])good.Clone();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            pair.Wire.ToListener.Inject(SecuredPair.Record("first"u8, 0));
            pair.Wire.ToListener.Inject(bad);

            // What came before it is genuine.
            (await SecuredPair.ReadAsync(pair.Listener.Input, 5)).ShouldBe("first"u8.ToArray());
            await FailsAsync(pair, "authenticated");
            pair.ListenerCiphers.Receiving.Counter.ShouldBe(1UL);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(29)]
    public async Task An_end_within_a_record_is_a_failure(int length)
    {
        await using var pair = SecuredPair.Create();
        pair.Wire.ToListener.Inject(SecuredPair.Record("first"u8, 0));
        pair.Wire.ToListener.Inject(SecuredPair.Record("twelve bytes"u8, 1)[..length]);
        pair.Wire.Dialer.Output.Complete();
        (await SecuredPair.ReadAsync(pair.Listener.Input, 5)).ShouldBe("first"u8.ToArray());
        await FailsAsync(pair, "within a Noise record");
    }

    [Theory]
    [InlineData("openssl")]
    [InlineData("runtime")]
    [InlineData("bouncycastle")]
    public async Task Whatever_the_wire_cuts_and_the_reader_leaves_the_bytes_are_the_same(string name)
    {
        var provider = Crypto.Providers.Aead(name);
        Assert.SkipUnless(provider.IsSupported, $"{name} is not here.");
        for (var seed = 1; seed <= 12; seed++)
        {
            var segmentation = (seed % 4) switch
            {
                0 => MemorySegmentation.ScatteredBytes,
                1 => MemorySegmentation.Seeded(seed, 2000),
                2 => MemorySegmentation.Seeded(seed, 40_000),
                _ => MemorySegmentation.Whole,
            };
            await using var pair = SecuredPair.Create(new BytePairOptions { Segmentation = segmentation, Capacity = 1 << 20 }, provider);
            var random = new SeededRandomSource(seed);
            var bytes = DuplexBytes.Pattern(seed % 4 == 0 ? 30_000 : 300_000, seed);
            for (var at = 0; at < bytes.Length;)
            {
                var take = Math.Min(bytes.Length - at, random.Next(3) == 0 ? random.Next(30_000) : random.Next(400));
                await pair.Dialer.Output.WriteAsync(bytes.AsMemory(at, take)).Within();
                at += take;
            }

            await pair.Dialer.Output.CompleteAsync();
            var got = new List<byte>();
            while (true)
            {
                var read = await pair.Listener.Input.ReadAsync().Within();
                if (read.IsCompleted && read.Buffer.IsEmpty)
                {
                    break;
                }

                // Consume some, look at some more, leave the rest.
                var consumed = random.Next((int)Math.Min(read.Buffer.Length, 50_000) + 1);
                var examined = random.Next(2) == 0 ? read.Buffer.Length : consumed + random.Next((int)(read.Buffer.Length - consumed) + 1);
                if (read.IsCompleted)
                {
                    consumed = Math.Max(1, consumed);
                    examined = Math.Max(examined, consumed);
                }

                got.AddRange(read.Buffer.Slice(0, consumed).ToArray());
                pair.Listener.Input.AdvanceTo(read.Buffer.GetPosition(consumed), read.Buffer.GetPosition(examined));
            }

            got.ToArray().AsSpan().SequenceEqual(bytes).ShouldBeTrue($"seed {seed}");
        }
    }

    [Fact]
    public async Task A_reader_that_consumes_nothing_is_stopped_at_the_limit()
    {
        await using var pair = SecuredPair.Create(maxUnconsumed: 128 * 1024);
        for (var i = 0; i < 40; i++)
        {
            await pair.Dialer.Output.WriteAsync(new byte[4096]).Within();
        }

        var failure = await Should.ThrowAsync<SecureChannelException>(async () =>
        {
            while (true)
            {
                var read = await pair.Listener.Input.ReadAsync().Within();
                read.Buffer.Length.ShouldBeLessThanOrEqualTo((128 * 1024) + (40 * 4096));
                pair.Listener.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        });
        failure.Message.ShouldContain(nameof(NoiseOptions.MaxUnconsumedBytes));
    }

    [Fact]
    public async Task What_is_copied_is_priced_and_given_back()
    {
        var scope = new TestScope();
        await using var pair = SecuredPair.Create(scope: scope);
        for (var i = 0; i < 5; i++)
        {
            await pair.Dialer.Output.WriteAsync(DuplexBytes.Pattern(3000, i)).Within();
            var read = await pair.Listener.Input.ReadAsync().Within();
            read.Buffer.Length.ShouldBe(3000 * (i + 1));
            pair.Listener.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        scope.Reserved.ShouldBeInRange(4 * 3000, 5 * 4096);
        await pair.Dialer.Output.WriteAsync(new byte[1]).Within();
        (await SecuredPair.ReadAsync(pair.Listener.Input, 15_001)).AsSpan(0, 3000).SequenceEqual(DuplexBytes.Pattern(3000, 0)).ShouldBeTrue();
        scope.Reserved.ShouldBe(0);

        // Also where the reader ends with something left.
        await pair.Dialer.Output.WriteAsync(new byte[10]).Within();
        var left = await pair.Listener.Input.ReadAsync().Within();
        pair.Listener.Input.AdvanceTo(left.Buffer.Start, left.Buffer.End);
        pair.Listener.Input.TryRead(out _).ShouldBeFalse();
        scope.Reserved.ShouldBeGreaterThan(0);
        pair.Listener.Input.Complete();
        scope.Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task A_scope_that_refuses_ends_the_connection_with_its_reason()
    {
        await using var pair = SecuredPair.Create(scope: new TestScope(limit: 10_000));
        for (var i = 0; ; i++)
        {
            await pair.Dialer.Output.WriteAsync(new byte[3000]).Within();
            try
            {
                var read = await pair.Listener.Input.ReadAsync().Within();
                pair.Listener.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                i.ShouldBeLessThan(5);
            }
            catch (ResourceLimitException e)
            {
                e.Denial.Scope.ShouldBe("test");
                break;
            }
        }

        await Should.ThrowAsync<ResourceLimitException>(async () => await pair.Listener.Input.ReadAsync());
        await pair.Dialer.Closed.Within();
    }

    [Fact]
    public async Task TryRead_shows_what_has_arrived_and_waits_for_nothing()
    {
        await using var pair = SecuredPair.Create();
        pair.Listener.Input.TryRead(out _).ShouldBeFalse();
        pair.Wire.ToListener.Inject(SecuredPair.Record("now"u8, 0));
        pair.Listener.Input.TryRead(out var read).ShouldBeTrue();
        read.Buffer.ToArray().ShouldBe("now"u8.ToArray());
        pair.Listener.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        pair.Listener.Input.TryRead(out _).ShouldBeFalse();
        pair.Wire.Dialer.Output.Complete();
        pair.Listener.Input.TryRead(out read).ShouldBeTrue();
        (read.IsCompleted, read.Buffer.Length).ShouldBe((true, 3));
    }

    [Fact]
    public async Task A_cancelled_read_is_reported_once()
    {
        await using var pair = SecuredPair.Create();
        pair.Wire.ToListener.Inject(SecuredPair.Record("there"u8, 0));
        pair.Listener.Input.CancelPendingRead();
        var read = await pair.Listener.Input.ReadAsync().Within();
        read.IsCanceled.ShouldBeTrue();
        pair.Listener.Input.AdvanceTo(read.Buffer.Start);
        read = await pair.Listener.Input.ReadAsync().Within();
        (read.IsCanceled, read.Buffer.Length).ShouldBe((false, 5));
        pair.Listener.Input.AdvanceTo(read.Buffer.End);
        var waiting = pair.Listener.Input.ReadAsync().AsTask();
        pair.Listener.Input.CancelPendingRead();
        (await waiting.Within()).IsCanceled.ShouldBeTrue();
    }

    [Fact]
    public async Task Positions_outside_what_was_read_are_refused()
    {
        await using var pair = SecuredPair.Create();
        pair.Wire.ToListener.Inject(SecuredPair.Record("12345"u8, 0));
        var read = await pair.Listener.Input.ReadAsync().Within();
        var (start, end) = (read.Buffer.Start, read.Buffer.End);
        Should.Throw<ArgumentOutOfRangeException>(() => pair.Listener.Input.AdvanceTo(end, start));
        pair.Listener.Input.AdvanceTo(read.Buffer.GetPosition(2));
        read = await pair.Listener.Input.ReadAsync().Within();
        read.Buffer.ToArray().ShouldBe("345"u8.ToArray());
    }

    [Fact]
    public async Task Row18_A_reader_sees_no_byte_that_was_not_sent()
    {
        NoiseWriterTests.Poison();
        await using var pair = SecuredPair.Create(new BytePairOptions { Segmentation = MemorySegmentation.Seeded(3, 700), Capacity = 1 << 20 });
        var bytes = new byte[50_000];
        bytes.AsSpan().Fill(1);
        await pair.Dialer.Output.WriteAsync(bytes).Within();
        await pair.Dialer.Output.CompleteAsync();
        long seen = 0;
        while (true)
        {
            // Leaves a bit each time, so that it is copied to a block from the pool.
            var read = await pair.Listener.Input.ReadAsync().Within();
            foreach (var piece in read.Buffer)
            {
                piece.Span.IndexOfAnyExcept((byte)1).ShouldBe(-1);
            }

            if (read.IsCompleted)
            {
                seen += read.Buffer.Length;
                break;
            }

            var take = Math.Max(0, read.Buffer.Length - 100);
            seen += take;
            pair.Listener.Input.AdvanceTo(read.Buffer.GetPosition(take), read.Buffer.End);
        }

        seen.ShouldBe(bytes.Length);
    }

    private static async Task FailsAsync(SecuredPair pair, string why)
    {
        for (var i = 0; i < 2; i++)
        {
            (await Should.ThrowAsync<SecureChannelException>(async () => await pair.Listener.Input.ReadAsync().Within())).Message.ShouldContain(why);
        }

        pair.Wire.Listener.Aborts.ShouldBeGreaterThan(0);
        await pair.Dialer.Closed.Within();
    }
}
