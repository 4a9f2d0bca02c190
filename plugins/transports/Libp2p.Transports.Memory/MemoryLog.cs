using Libp2p.Multiformats;
using Microsoft.Extensions.Logging;

namespace Libp2p.Transports.Memory;

internal static partial class MemoryLog
{
    [LoggerMessage(1, LogLevel.Debug, "Listening on {Address}")]
    public static partial void Listening(ILogger logger, Multiaddr address);

    [LoggerMessage(2, LogLevel.Debug, "No longer listening on {Address}")]
    public static partial void Unbound(ILogger logger, Multiaddr address);

    [LoggerMessage(3, LogLevel.Debug, "A connection to {Address} was refused: {Backlog} wait to be accepted already")]
    public static partial void BacklogFull(ILogger logger, Multiaddr address, int backlog);
}
