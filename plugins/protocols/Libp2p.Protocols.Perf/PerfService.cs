using Microsoft.Extensions.Options;

namespace Libp2p.Protocols.Perf;

/// <summary>Measures others. Thread-safe.</summary>
internal sealed class PerfService(NodeRuntime runtime, IOptions<PerfOptions> options) : IPerfService
{
    private static readonly TimeSpan _reportEvery = TimeSpan.FromSeconds(1);

    public async ValueTask<PerfResult> MeasureAsync(
        IConnection connection, long upload, long download, IProgress<PerfProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentOutOfRangeException.ThrowIfNegative(upload);
        ArgumentOutOfRangeException.ThrowIfNegative(download);
        var stream = await connection.OpenStreamAsync([PerfHandler.ProtocolId], null, cancellationToken).ConfigureAwait(false);
        await using var owned = stream.ConfigureAwait(false);
        var transfer = new PerfTransfer(stream, runtime.Time, options.Value.StallTimeout);
        await using var watched = transfer.ConfigureAwait(false);
        try
        {
            var result = await TransferAsync(stream, transfer, upload, download, progress, cancellationToken).ConfigureAwait(false);
            Record(result);
            return result;
        }
        catch (StreamResetException reset) when (transfer.Stalled)
        {
            throw new ProtocolException($"{connection.RemotePeer} moved nothing for {options.Value.StallTimeout.TotalSeconds} s; {transfer.Moved} bytes had passed.", reset);
        }
        catch
        {
            stream.Abort(StreamSide.Both, StreamErrorCode.None);
            throw;
        }
    }

    private async ValueTask<PerfResult> TransferAsync(
        IStream stream, PerfTransfer transfer, long upload, long download, IProgress<PerfProgress>? progress, CancellationToken cancellationToken)
    {
        var time = runtime.Time;
        var start = time.GetTimestamp();
        var reporter = progress is null
            ? null
            : time.CreateTimer(_ => progress.Report(new PerfProgress(Math.Min(transfer.Moved, upload), Math.Max(0, transfer.Moved - upload), time.GetElapsedTime(start))), null, _reportEvery, _reportEvery);
        await using (reporter)
        {
            PerfRequest.Write((ulong)download, stream.Output.GetSpan(PerfRequest.Size));
            stream.Output.Advance(PerfRequest.Size);
            await transfer.SendAsync(upload, options.Value.BlockSize, cancellationToken).ConfigureAwait(false);
            await stream.Output.CompleteAsync().ConfigureAwait(false);

            // The remote answers, or ends, once it has received everything.
            var first = await stream.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var uploaded = time.GetElapsedTime(start);
            stream.Input.AdvanceTo(first.Buffer.Start);
            var received = await transfer.ReceiveAsync(cancellationToken).ConfigureAwait(false);
            var finished = time.GetElapsedTime(start);
            return received == download
                ? new PerfResult(upload, download, uploaded, finished - uploaded)
                : throw new ProtocolException($"{stream.Connection.RemotePeer} sent {received} bytes; {download} were asked for.");
        }
    }

    private static void Record(PerfResult result)
    {
        if (result.Uploaded > 0)
        {
            PerfMetrics.Upload.Record(result.UploadRate);
        }

        if (result.Downloaded > 0)
        {
            PerfMetrics.Download.Record(result.DownloadRate);
        }
    }
}
