using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Pipelines;

namespace Libp2p.Benchmarks.Throughput;

/// <summary>
/// A transfer over any duplex pipe: the sender says how many bytes come, sends them in 64 KiB writes, and gets back what the receiver used
/// (CPU microseconds, bytes allocated). Several follow each other on one connection: the first is the warm-up.
/// </summary>
internal static class Transfer
{
    private const int Block = 64 * 1024;
    private static readonly byte[] Payload = new byte[Block];

    public static async Task<Sample> SendAsync(IDuplexPipe pipe, int mebibytes)
    {
        await SendOnceAsync(pipe, Math.Max(16, mebibytes / 4)).ConfigureAwait(false);
        return await SendOnceAsync(pipe, mebibytes).ConfigureAwait(false);
    }

    public static async Task ReceiveAsync(IDuplexPipe pipe)
    {
        while (await ReadNumberAsync(pipe.Input).ConfigureAwait(false) is { } bytes)
        {
            var usage = Usage.Now;
            for (var left = bytes; left > 0;)
            {
                var read = await pipe.Input.ReadAsync().ConfigureAwait(false);
                if (read.Buffer.IsEmpty && read.IsCompleted) return;
                var taken = Math.Min(left, read.Buffer.Length);
                left -= taken;
                pipe.Input.AdvanceTo(read.Buffer.GetPosition(taken));
            }

            var (cpu, allocated) = usage.Since();
            WriteNumber(pipe.Output, cpu);
            WriteNumber(pipe.Output, allocated);
            await pipe.Output.FlushAsync().ConfigureAwait(false);
        }
    }

    private static async Task<Sample> SendOnceAsync(IDuplexPipe pipe, int mebibytes)
    {
        var bytes = (long)mebibytes << 20;
        var usage = Usage.Now;
        var started = Stopwatch.GetTimestamp();
        WriteNumber(pipe.Output, bytes);
        for (var left = bytes; left > 0; left -= Block) await pipe.Output.WriteAsync(Payload).ConfigureAwait(false);
        var remoteCpu = await ReadNumberAsync(pipe.Input).ConfigureAwait(false) ?? throw new EndOfStreamException();
        var remoteAllocated = await ReadNumberAsync(pipe.Input).ConfigureAwait(false) ?? throw new EndOfStreamException();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var (cpu, allocated) = usage.Since();
        return new Sample(mebibytes / seconds, (cpu + remoteCpu) / 1e6 / mebibytes * 1024, (double)allocated / mebibytes, (double)remoteAllocated / mebibytes);
    }

    private static void WriteNumber(PipeWriter output, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(8), number);
        output.Advance(8);
    }

    private static async ValueTask<long?> ReadNumberAsync(PipeReader input)
    {
        var read = await input.ReadAtLeastAsync(8).ConfigureAwait(false);
        if (read.Buffer.Length < 8) return null;
        var number = Number(read.Buffer.Slice(0, 8));
        input.AdvanceTo(read.Buffer.GetPosition(8));
        return number;

        static long Number(ReadOnlySequence<byte> bytes)
        {
            Span<byte> flat = stackalloc byte[8];
            bytes.CopyTo(flat);
            return BinaryPrimitives.ReadInt64BigEndian(flat);
        }
    }
}
