using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Libp2p.Protocols.Identify;

/// <summary>Takes in what a peer says has changed about it. Thread-safe; what is too much, by <see cref="PushLimiter"/>, is reset unread.</summary>
[Protocol("/ipfs/id/push/1.0.0")]
internal sealed partial class IdentifyPushHandler(
    IdentifyService service, PushLimiter limiter, NodeRuntime runtime, IOptions<IdentifyOptions> options, ILogger<IdentifyPushHandler> logger) : IProtocolHandler
{
    public async ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken)
    {
        var connection = stream.Connection;
        if (!limiter.TryEnter(connection.Remote, runtime.Time.GetElapsedTime(0)))
        {
            IdentifyMetrics.PushesRefused.Add(1);
            IdentifyLog.PushRefused(logger, connection.RemotePeer);
            stream.Abort(StreamSide.Both, StreamErrorCode.RateLimited);
            return;
        }

        try
        {
            await ReceiveAsync(stream, connection).ConfigureAwait(false);
        }
        finally
        {
            limiter.Leave();
        }
    }

    private async ValueTask ReceiveAsync(IStream stream, IConnection connection)
    {
        // Not the stream's token: a reset fails the read itself, and one after the message is none.
        using var late = new CancellationTokenSource(options.Value.Timeout, runtime.Time);
        try
        {
            var message = await IdentifyExchange.ReceiveAsync(stream, late.Token).ConfigureAwait(false);
            service.Learn(connection, message, pushed: true);
            IdentifyMetrics.PushesReceived.Add(1);
        }
        catch (Exception e) when (e is Libp2pException or OperationCanceledException)
        {
            IdentifyMetrics.PushesRefused.Add(1);
            IdentifyLog.PushFailed(logger, connection.RemotePeer, e);
            stream.Abort(StreamSide.Both, e is StreamResetException ? StreamErrorCode.None : StreamErrorCode.ProtocolViolation);
        }
    }
}
