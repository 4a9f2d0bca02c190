namespace Libp2p.Swarm.Upgrading;

/// <summary>An upgrade was cancelled by who asked for it; it remembers where it was, so that a deadline above can say so at the right layer.</summary>
internal sealed class UpgradeAbandonedException(string stage, ConnectionLayer layer, Exception cause, CancellationToken token)
    : OperationCanceledException($"The upgrade was cancelled while {stage}.", cause, token)
{
    /// <summary>The error of a deadline that passed meanwhile.</summary>
    public Libp2pException TimedOut(string limit)
    {
        var message = $"connected, but no answer within {limit} while {stage}.";
        return layer switch
        {
            ConnectionLayer.Negotiation => new NegotiationException(message, this),
            ConnectionLayer.Muxer => new MuxerException(message, ConnectionErrorCode.None, this),
            _ => new SecureChannelException(message, this),
        };
    }
}
