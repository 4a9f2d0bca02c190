using System.Buffers;
using System.IO.Pipelines;

namespace Libp2p.Security.Noise.Tests.Records;

public sealed class NoiseAllocationTests
{
    [Theory]
    [InlineData("openssl", 64, 64)]
    [InlineData("openssl", 64, 65_507)]
    [InlineData("runtime", 64, 64)]
    [InlineData("runtime", 64, 65_507)]
    public void A_record_costs_no_allocation_in_steady_state(string name, int count, int length)
    {
        var provider = Crypto.Providers.Aead(name);
        Assert.SkipUnless(provider.IsSupported, $"{name} is not here.");
        var pool = new PinnedPool();
        var pipe = new Pipe(new PipeOptions(pool, PipeScheduler.Inline, PipeScheduler.Inline, pauseWriterThreshold: 1 << 24, resumeWriterThreshold: 1 << 23, minimumSegmentSize: 1 << 18));
        var sender = new NoiseConnection(new OneWay(pipe), SecuredPair.Ciphers(1, 2, provider), 1 << 24);
        var receiver = new NoiseConnection(new OneWay(pipe), SecuredPair.Ciphers(2, 1, provider), 1 << 24);
        var gather = (IGatherWriter)sender.GetFeature(typeof(IGatherWriter))!;
        var header = new byte[12];
        var body = new byte[length];
        long received = 0;

        void Round()
        {
            for (var i = 0; i < count; i++)
            {
                header.CopyTo(sender.Output.GetSpan(12));
                sender.Output.Advance(12);
                gather.Append(body);
                var flush = sender.Output.FlushAsync();
                if (!flush.IsCompletedSuccessfully || flush.Result.IsCompleted)
                {
                    throw new InvalidOperationException("The pipe is full or closed.");
                }
            }

            while (receiver.Input.TryRead(out var read))
            {
                // Leaves half a header, as a muxer does whose frames do not end with the records.
                var left = read.Buffer.Length > 1000 ? 5 : 0;
                received += read.Buffer.Length - left;
                receiver.Input.AdvanceTo(read.Buffer.GetPosition(read.Buffer.Length - left), read.Buffer.End);
            }
        }

        for (var i = 0; i < 20; i++)
        {
            Round();
        }

        Allocations.LeastOf(() =>
        {
            received = 0;
            for (var i = 0; i < 20; i++)
            {
                Round();
            }
        }).ShouldBe(0);
        received.ShouldBe(20L * count * (12 + length));
    }

    [Fact]
    public void A_read_that_waits_costs_no_allocation_in_steady_state()
    {
        // All on this thread: the flush that brings a record runs the reader's continuation.
        var pipe = new Pipe(new PipeOptions(new PinnedPool(), PipeScheduler.Inline, PipeScheduler.Inline, useSynchronizationContext: false));
        var sender = new NoiseConnection(new OneWay(pipe), SecuredPair.Ciphers(1, 2), 1 << 24);
        var receiver = new NoiseConnection(new OneWay(pipe), SecuredPair.Ciphers(2, 1), 1 << 24);
        var body = new byte[1000];
        long received = 0;
        var loop = LoopAsync();

        async Task LoopAsync()
        {
            while (true)
            {
                var read = await receiver.Input.ReadAsync().ConfigureAwait(false);
                received += read.Buffer.Length;
                receiver.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }

        void Round()
        {
            for (var i = 0; i < 100; i++)
            {
                var flush = sender.Output.WriteAsync(body);
                if (!flush.IsCompletedSuccessfully || flush.Result.IsCompleted)
                {
                    throw new InvalidOperationException("The pipe is full or closed.");
                }
            }
        }

        Round();
        Round();
        Allocations.LeastOf(() =>
        {
            received = 0;
            Round();
        }).ShouldBe(0);
        received.ShouldBe(100_000);
        sender.Output.Complete();
        loop.IsCompletedSuccessfully.ShouldBeTrue();
    }

    /// <summary>The same few blocks over and over: the wire allocates nothing either.</summary>
    private sealed class PinnedPool : MemoryPool<byte>
    {
        private readonly Stack<Block> _free = new();

        public override int MaxBufferSize => int.MaxValue;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => _free.TryPop(out var block) ? block : new Block(this);

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Block(PinnedPool pool) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory { get; } = new byte[1 << 18];

            public void Dispose() => pool._free.Push(this);
        }
    }
}
