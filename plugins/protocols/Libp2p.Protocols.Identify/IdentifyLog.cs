using Microsoft.Extensions.Logging;

namespace Libp2p.Protocols.Identify;

internal static partial class IdentifyLog
{
    [LoggerMessage(1, LogLevel.Debug, "{Peer} is {Agent}, with {Addresses} addresses and {Protocols} protocols")]
    public static partial void Identified(ILogger logger, PeerId peer, string? agent, int addresses, int protocols);

    [LoggerMessage(2, LogLevel.Debug, "{Peer} could not be identified")]
    public static partial void Failed(ILogger logger, PeerId peer, Exception cause);

    [LoggerMessage(3, LogLevel.Debug, "The signed record of {Peer} was not taken: {Reason}")]
    public static partial void RecordRefused(ILogger logger, PeerId peer, string reason);

    [LoggerMessage(9, LogLevel.Debug, "The signed record of {Peer} is not newer than the one known: sequence {Sequence}")]
    public static partial void RecordNotNewer(ILogger logger, PeerId peer, ulong sequence);

    [LoggerMessage(4, LogLevel.Debug, "The answer to {Peer} was not taken off in time, or its stream was reset")]
    public static partial void NotTaken(ILogger logger, PeerId peer, Exception cause);

    [LoggerMessage(5, LogLevel.Debug, "A push of {Peer} was refused: too many")]
    public static partial void PushRefused(ILogger logger, PeerId peer);

    [LoggerMessage(6, LogLevel.Debug, "A push of {Peer} was not understood")]
    public static partial void PushFailed(ILogger logger, PeerId peer, Exception cause);

    [LoggerMessage(7, LogLevel.Debug, "{Peer} could not be told of the change")]
    public static partial void NotPushed(ILogger logger, PeerId peer, Exception cause);

    [LoggerMessage(8, LogLevel.Debug, "Told {Count} peers what this node is now")]
    public static partial void Pushed(ILogger logger, int count);
}
