using System.Buffers;
using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests.Records;

public sealed class NoiseWriterTests
{
    private const int Overhead = 2 + 16;

    [Fact]
    public async Task A_flush_is_one_send_however_much_was_written()
    {
        await using var pair = SecuredPair.Create();
        var bytes = DuplexBytes.Pattern(200_000);
        pair.Dialer.Output.Write(bytes);
        await pair.Dialer.Output.FlushAsync().Within();
        pair.Wire.ToListener.Flushes.ShouldBe(1);
        SecuredPair.Lengths(pair.Wire.ToListener.Recorded).ShouldBe([65_535, 65_535, 65_535, 200_000 - (3 * 65_519) + 16]);
        (await SecuredPair.ReadAsync(pair.Listener.Input, bytes.Length)).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_518)]
    [InlineData(65_519)]
    [InlineData(65_520)]
    [InlineData(131_038)]
    [InlineData(131_039)]
    public async Task Records_are_filled_up_and_never_longer(int length)
    {
        foreach (var way in new[] { Way.Write, Way.Span, Way.Append, Way.WriteAsync, Way.Trickle })
        {
            await using var pair = SecuredPair.Create();
            var bytes = DuplexBytes.Pattern(length);
            await WriteAsync(pair, bytes, way);
            var lengths = SecuredPair.Lengths(pair.Wire.ToListener.Recorded);
            lengths.Count.ShouldBe((length + 65_518) / 65_519, way.ToString());
            lengths.SkipLast(1).ShouldAllBe(static record => record == 65_535);
            (await SecuredPair.ReadAsync(pair.Listener.Input, length)).AsSpan().SequenceEqual(bytes).ShouldBeTrue(way.ToString());
        }
    }

    [Fact]
    public async Task Lent_and_written_bytes_make_the_same_wire_as_written_ones()
    {
        var random = new SeededRandomSource(9);
        for (var round = 0; round < 40; round++)
        {
            await using var plain = SecuredPair.Create();
            await using var mixed = SecuredPair.Create();
            var gather = mixed.Dialer.GetFeature(typeof(IGatherWriter)).ShouldBeAssignableTo<IGatherWriter>()!;
            for (var flush = 0; flush < 3; flush++)
            {
                for (var piece = 0; piece < 12; piece++)
                {
                    var size = random.Next(4) switch { 0 => random.Next(20), 1 => random.Next(600), 2 => random.Next(8000), _ => random.Next(80_000) };
                    var bytes = DuplexBytes.Pattern(size, round + piece);
                    plain.Dialer.Output.Write(bytes);
                    switch (random.Next(3))
                    {
                        case 0:
                            mixed.Dialer.Output.Write(bytes);
                            break;
                        case 1:
                            bytes.CopyTo(mixed.Dialer.Output.GetSpan(Math.Max(1, size)));
                            mixed.Dialer.Output.Advance(size);
                            break;
                        default:
                            gather.Append(bytes);
                            break;
                    }
                }

                await plain.Dialer.Output.FlushAsync().Within();
                await mixed.Dialer.Output.FlushAsync().Within();
            }

            mixed.Wire.ToListener.Recorded.AsSpan().SequenceEqual(plain.Wire.ToListener.Recorded).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task The_wire_need_not_gather_itself()
    {
        await using var pair = SecuredPair.Create(new BytePairOptions { GatherWriter = false, Capacity = 1 << 20 });
        ((IGatherWriter)pair.Dialer.GetFeature(typeof(IGatherWriter))!).Append(new byte[1000]);
        await pair.Dialer.Output.FlushAsync().Within();
        (await SecuredPair.ReadAsync(pair.Listener.Input, 1000)).ShouldBe(new byte[1000]);
    }

    [Fact]
    public async Task A_flush_of_nothing_makes_no_record()
    {
        await using var pair = SecuredPair.Create();
        await pair.Dialer.Output.FlushAsync().Within();
        pair.Dialer.Output.GetMemory(100);
        pair.Dialer.Output.Advance(0);
        await pair.Dialer.Output.FlushAsync().Within();
        pair.Wire.ToListener.Sent.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_519)]
    [InlineData(65_537)]
    [InlineData(1_000_000)]
    public async Task A_size_hint_is_kept_whatever_is_staged(int hint)
    {
        await using var pair = SecuredPair.Create();
        var total = 0;
        var random = new SeededRandomSource(hint);
        for (var i = 0; i < 50; i++)
        {
            var memory = pair.Dialer.Output.GetMemory(hint);
            memory.Length.ShouldBeGreaterThanOrEqualTo(hint);
            var take = random.Next(Math.Min(memory.Length, 3000) + 1);
            DuplexBytes.Pattern(take, total).CopyTo(memory);
            pair.Dialer.Output.Advance(take);
            total += take;
        }

        await pair.Dialer.Output.FlushAsync().Within();
        SecuredPair.Lengths(pair.Wire.ToListener.Recorded).Sum(static record => record - 16).ShouldBe(total);
        (await SecuredPair.ReadAsync(pair.Listener.Input, total)).Length.ShouldBe(total);
    }

    [Fact]
    public async Task Completing_sends_what_was_not_flushed()
    {
        await using var pair = SecuredPair.Create();
        pair.Dialer.Output.Write("the last words"u8);
        pair.Dialer.Output.UnflushedBytes.ShouldBeGreaterThanOrEqualTo(14);
        await pair.Dialer.Output.CompleteAsync();
        (await SecuredPair.ReadAsync(pair.Listener.Input, 14)).ShouldBe("the last words"u8.ToArray());
        (await pair.Listener.Input.ReadAsync().Within()).IsCompleted.ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => pair.Dialer.Output.GetMemory());
        await Should.ThrowAsync<InvalidOperationException>(async () => await pair.Dialer.Output.FlushAsync());
    }

    [Fact]
    public async Task Lent_memory_may_change_once_the_flush_has_begun()
    {
        await using var pair = SecuredPair.Create(new BytePairOptions { Capacity = 1000 });
        var lent = DuplexBytes.Pattern(100_000);
        ((IGatherWriter)pair.Dialer.GetFeature(typeof(IGatherWriter))!).Append(lent);
        var flush = pair.Dialer.Output.FlushAsync().AsTask();
        flush.IsCompleted.ShouldBeFalse();
        lent.AsSpan().Clear();
        (await SecuredPair.ReadAsync(pair.Listener.Input, lent.Length)).AsSpan().SequenceEqual(DuplexBytes.Pattern(lent.Length)).ShouldBeTrue();
        await flush.Within();
    }

    [Fact]
    public async Task The_last_nonce_ends_the_connection()
    {
        await using var pair = SecuredPair.Create(counter: NoiseCipher.Reserved - 1);
        await pair.Dialer.Output.WriteAsync("last"u8.ToArray()).Within();
        (await SecuredPair.ReadAsync(pair.Listener.Input, 4)).ShouldBe("last"u8.ToArray());
        pair.Dialer.Output.Write("too late"u8);
        (await Should.ThrowAsync<SecureChannelException>(async () => await pair.Dialer.Output.FlushAsync())).Message.ShouldContain("nonces");
        await Should.ThrowAsync<SecureChannelException>(async () => await pair.Dialer.Output.WriteAsync(new byte[1]));
        pair.DialerCiphers.Sending.Counter.ShouldBe(NoiseCipher.Reserved);
        pair.Wire.Dialer.Aborts.ShouldBeGreaterThan(0);
        await pair.Listener.Closed.Within();
    }

    [Fact]
    public async Task Row18_The_wire_carries_no_byte_that_was_not_written()
    {
        Poison();
        await using var pair = SecuredPair.Create();
        var expected = new List<byte>();
        var random = new SeededRandomSource(18);
        for (var i = 0; i < 60; i++)
        {
            var bytes = new byte[random.Next(5000)];
            bytes.AsSpan().Fill((byte)(1 + (i % 100)));
            pair.Dialer.Output.GetSpan(20_000).Fill(Canary);
            bytes.CopyTo(pair.Dialer.Output.GetSpan(20_000));
            pair.Dialer.Output.Advance(bytes.Length);
            expected.AddRange(bytes);
            if (i % 3 == 0)
            {
                await pair.Dialer.Output.FlushAsync().Within();
            }
        }

        await pair.Dialer.Output.FlushAsync().Within();
        var records = SecuredPair.Lengths(pair.Wire.ToListener.Recorded);
        pair.Wire.ToListener.Sent.ShouldBe(expected.Count + (records.Count * Overhead));
        var read = await SecuredPair.ReadAsync(pair.Listener.Input, expected.Count);
        read.ShouldNotContain(Canary);
        read.ShouldBe(expected.ToArray());
    }

    private const byte Canary = 0xC7;

    /// <summary>Fills the pools that blocks come from with a byte that nobody writes.</summary>
    internal static void Poison()
    {
        foreach (var size in new[] { 4096, 16_384, 65_536, 131_072 })
        {
            var blocks = Enumerable.Range(0, 8).Select(_ => ArrayPool<byte>.Shared.Rent(size)).ToList();
            foreach (var block in blocks)
            {
                block.AsSpan().Fill(Canary);
                ArrayPool<byte>.Shared.Return(block);
            }
        }
    }

    private static async Task WriteAsync(SecuredPair pair, byte[] bytes, Way way)
    {
        var output = pair.Dialer.Output;
        switch (way)
        {
            case Way.Write:
                output.Write(bytes);
                break;
            case Way.Span:
                bytes.CopyTo(output.GetSpan(bytes.Length));
                output.Advance(bytes.Length);
                break;
            case Way.Append:
                ((IGatherWriter)pair.Dialer.GetFeature(typeof(IGatherWriter))!).Append(bytes);
                break;
            case Way.WriteAsync:
                await output.WriteAsync(bytes).Within();
                return;
            default:
                for (var at = 0; at < bytes.Length;)
                {
                    var span = output.GetSpan();
                    var take = Math.Min(Math.Min(span.Length, 4096), bytes.Length - at);
                    bytes.AsSpan(at, take).CopyTo(span);
                    output.Advance(take);
                    at += take;
                }

                break;
        }

        await output.FlushAsync().Within();
    }

    private enum Way
    {
        Write,
        Span,
        Append,
        WriteAsync,
        Trickle,
    }
}
