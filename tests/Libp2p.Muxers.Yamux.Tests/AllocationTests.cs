using System.IO.Pipelines;
using Libp2p.TestKit;

namespace Libp2p.Muxers.Yamux.Tests;

/// <summary>What streams cost. Alone, so that nobody else's allocations are counted.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public class AllocationTests
{
    [Theory]
    [InlineData(64 * 1024, 200, false)]
    [InlineData(64 * 1024, 200, true)]
    [InlineData(1000, 2000, false)]
    [InlineData(1000, 2000, true)]
    public async Task Nothing_is_allocated_a_message_in_steady_state(int size, int messages, bool advance)
    {
        await using var pair = await OverPipesAsync();
        var (mine, theirs) = await pair.OpenAsync();
        var message = new byte[size];
        var echoing = EchoAsync(theirs);
        var exchange = ExchangeAsync(mine, message, messages, advance);
        for (var i = 0; i < 10; i++)
        {
            await exchange.RunAsync();
        }

        // The runtime allocates now and then (timers, the pool's threads); a box or a block a message would show in every round.
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await exchange.RunAsync();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        ((double)least / messages).ShouldBeLessThan(8);
        await mine.Output.CompleteAsync();
        await echoing.Within();
    }

    [Fact]
    public async Task An_idle_stream_costs_little_and_a_hundred_thousand_cost_no_more_each()
    {
        const int Streams = 100_000;
        var options = new YamuxOptions { MaxInboundStreams = Streams, MaxOutboundStreams = Streams, MaxUnacknowledgedStreams = Streams };
        await using var pair = await OverPipesAsync(options);
        var keep = new List<IMuxedStream>(2 * Streams);
        var one = new byte[1];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Streams; i++)
        {
            var mine = await pair.Dialer.OpenStreamAsync();
            await mine.Output.WriteAsync(one);
            var theirs = (await pair.Listener.AcceptStreamAsync().Within()).ShouldNotBeNull();
            (await theirs.Input.ReadExactlyAsync(1)).Length.ShouldBe(1);
            keep.Add(mine);
            keep.Add(theirs);
        }

        var each = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / keep.Count;
        each.ShouldBeLessThan(700);
        GC.KeepAlive(keep);
    }

    private static async Task<MuxedPair> OverPipesAsync(YamuxOptions? options = null)
    {
        var (mine, theirs) = PipeBytes.Create();
        return new MuxedPair(
            await new YamuxMuxer(options).MultiplexAsync(mine, Upgrading.Dialer()),
            await new YamuxMuxer(options).MultiplexAsync(theirs, Upgrading.Listener()));
    }

    private static async Task EchoAsync(IMuxedStream stream)
    {
        while (true)
        {
            var read = await stream.Input.ReadAsync();
            foreach (var part in read.Buffer)
            {
                await stream.Output.WriteAsync(part);
            }

            stream.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                await stream.Output.CompleteAsync();
                return;
            }
        }
    }

    private static Exchange ExchangeAsync(IMuxedStream stream, byte[] message, int messages, bool advance) => new(stream, message, messages, advance);

    /// <summary>Sends messages and takes their echoes.</summary>
    private sealed class Exchange(IMuxedStream stream, byte[] message, int messages, bool advance)
    {
        public async Task RunAsync()
        {
            for (var i = 0; i < messages; i++)
            {
                if (advance)
                {
                    message.CopyTo(stream.Output.GetSpan(message.Length));
                    stream.Output.Advance(message.Length);
                    await stream.Output.FlushAsync();
                }
                else
                {
                    await stream.Output.WriteAsync(message);
                }

                for (var left = message.Length; left > 0;)
                {
                    var read = await stream.Input.ReadAsync();
                    left -= (int)read.Buffer.Length;
                    stream.Input.AdvanceTo(read.Buffer.End);
                }
            }
        }
    }

    /// <summary>Two byte connections over a pair of pipes that do not allocate either.</summary>
    private sealed class PipeBytes(PipeReader input, PipeWriter output) : IByteConnection
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;

        public CancellationToken Closed => default;

        public static (PipeBytes Mine, PipeBytes Theirs) Create()
        {
            var options = new PipeOptions(useSynchronizationContext: false, readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
                pauseWriterThreshold: 1024 * 1024, resumeWriterThreshold: 512 * 1024);
            var (up, down) = (new Pipe(options), new Pipe(options));
            return (new PipeBytes(down.Reader, up.Writer), new PipeBytes(up.Reader, down.Writer));
        }

        public void Abort(Exception? why)
        {
            Input.CancelPendingRead();
            Output.Complete(new TransportException("aborted", inner: why));
        }

        public object? GetFeature(Type type) => null;

        public async ValueTask DisposeAsync()
        {
            await Output.CompleteAsync();
            await Input.CompleteAsync();
        }
    }
}
