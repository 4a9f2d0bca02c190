using Libp2p.Peers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Libp2p.Protocols.Perf;

/// <summary>Serves measurements: receives until the dialer has ended its side, then sends what it asked for. Thread-safe.</summary>
[Protocol("/perf/1.0.0")]
internal sealed partial class PerfHandler(NodeRuntime runtime, PluginContext context, IOptions<PerfOptions> options, ILogger<PerfHandler> logger) : IProtocolHandler
{
    private readonly PerfOptions _options = options.Value;
    private readonly PeerPlaces _places = new(runtime, options.Value.MaxStreamsPerPeer, grace: TimeSpan.Zero);

    public async ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken)
    {
        var peer = stream.Connection.RemotePeer;
        if (!await _places.EnterAsync(peer, cancellationToken).ConfigureAwait(false))
        {
            PerfLog.TooManyStreams(logger, peer, _options.MaxStreamsPerPeer);
            stream.Abort(StreamSide.Both, StreamErrorCode.ResourceLimitExceeded);
            return;
        }

        try
        {
            await ServeAsync(stream, peer).ConfigureAwait(false);
        }
        finally
        {
            _places.Leave(peer);
        }
    }

    // Without a token: a reset fails the reads and writes themselves.
    private async ValueTask ServeAsync(IStream stream, PeerId peer)
    {
        await using var transfer = new PerfTransfer(stream, runtime.Time, _options.StallTimeout);
        try
        {
            if (await transfer.ReadRequestAsync(default).ConfigureAwait(false) is not { } download)
            {
                PerfLog.CutShort(logger, peer);
                stream.Abort(StreamSide.Both, StreamErrorCode.ProtocolViolation);
                return;
            }

            if (download > (ulong)_options.MaxDownload)
            {
                PerfLog.TooLarge(logger, peer, download, _options.MaxDownload);
                stream.Abort(StreamSide.Both, StreamErrorCode.ResourceLimitExceeded);
                return;
            }

            var upload = await transfer.ReceiveAsync(default).ConfigureAwait(false);
            await transfer.SendAsync((long)download, _options.BlockSize, default).ConfigureAwait(false);
            await stream.Output.CompleteAsync().ConfigureAwait(false);
            PerfLog.Served(logger, peer, upload, download);
            context.Publish(new PerfServed(stream.Connection, upload, (long)download));
        }
        catch (StreamResetException reset)
        {
            PerfLog.Reset(logger, peer, transfer.Moved, transfer.Stalled, reset);
        }
    }
}
