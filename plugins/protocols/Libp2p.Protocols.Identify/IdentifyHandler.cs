using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Libp2p.Protocols.Identify;

/// <summary>Tells who asks what this node is: the message, and the end. Thread-safe.</summary>
[Protocol("/ipfs/id/1.0.0")]
internal sealed partial class IdentifyHandler(IdentifySelf self, NodeRuntime runtime, IOptions<IdentifyOptions> options, ILogger<IdentifyHandler> logger) : IProtocolHandler
{
    public async ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken)
    {
        // Not the stream's token: a reset fails the write itself.
        using var late = new CancellationTokenSource(options.Value.Timeout, runtime.Time);
        try
        {
            await IdentifyExchange.SendAsync(stream, self.Describe(stream.Connection.Remote), late.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StreamResetException or OperationCanceledException)
        {
            IdentifyLog.NotTaken(logger, stream.Connection.RemotePeer, e);
            stream.Abort(StreamSide.Both, StreamErrorCode.None);
        }
    }
}
