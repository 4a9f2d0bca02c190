using Libp2p.Multiformats;
using Microsoft.Extensions.Logging;

namespace Libp2p.Transports.Tcp;

internal static partial class TcpLog
{
    [LoggerMessage(1, LogLevel.Debug, "Listening on {Address}")]
    public static partial void Listening(ILogger logger, Multiaddr address);

    [LoggerMessage(2, LogLevel.Debug, "No longer listening on {Address}")]
    public static partial void Unbound(ILogger logger, Multiaddr address);

    [LoggerMessage(3, LogLevel.Debug, "The dial to {Remote} could not leave from {Local}: it leaves from a fresh port")]
    public static partial void PortNotReused(ILogger logger, Multiaddr remote, Multiaddr local, Exception cause);

    [LoggerMessage(4, LogLevel.Debug, "A connection accepted on {Local} was gone before it could be used")]
    public static partial void GoneBeforeUse(ILogger logger, Multiaddr local, Exception cause);
}
