using Libp2p.Benchmarks.Roles.Usage;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Roles.Transfers;

/// <summary>Transfers over channels that stay open: one to warm up (code, windows, pools), one that counts.</summary>
internal static class TransferClient
{
    private const int LeastWarmUp = 32;

    public static async Task<Sample> MeasureAsync(IReadOnlyList<ITransferChannel> channels, UsageClient usage, Workload work)
    {
        var sample = new Sample();
        await RunAsync(channels, work, Math.Max(LeastWarmUp, work.Mebibytes / 2)).ConfigureAwait(false);
        var seconds = await usage.MeterAsync(sample, work.Mebibytes, () => RunAsync(channels, work, work.Mebibytes)).ConfigureAwait(false);
        sample.Set(Sample.Value, work.Mebibytes / seconds);
        return sample;
    }

    private static Task RunAsync(IReadOnlyList<ITransferChannel> channels, Workload work, int mebibytes)
    {
        var request = new TransferRequest(work.Down, ((long)mebibytes << 20) / channels.Count, work.Block);
        return Task.WhenAll(channels.Select(channel => RunAsync(channel, request)));
    }

    private static async Task RunAsync(ITransferChannel channel, TransferRequest request)
    {
        var buffer = new byte[TransferRequest.Size];
        request.Write(buffer);
        await channel.SendAsync(buffer).ConfigureAwait(false);
        if (request.Down)
        {
            if (!await channel.SkipAsync(request.Bytes).ConfigureAwait(false)) throw new EndOfStreamException();
            return;
        }

        // Read from the start: see TransferServer.
        var acknowledged = channel.ReceiveAsync(buffer.AsMemory(0, 1));
        await channel.SendAsync(request.Bytes, request.Block).ConfigureAwait(false);
        if (!await acknowledged.ConfigureAwait(false)) throw new EndOfStreamException();
    }
}
