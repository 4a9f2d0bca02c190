using Microsoft.Extensions.Logging;

namespace Libp2p.Muxers.Yamux;

internal static partial class YamuxLog
{
    [LoggerMessage(1, LogLevel.Debug, "yamux connection ended: {End}")]
    public static partial void Ended(ILogger logger, ConnectionEnd end);

    [LoggerMessage(2, LogLevel.Debug, "yamux stream {Stream} was reset: the unread data of the connection reached its limit")]
    public static partial void GreediestReset(ILogger logger, uint stream);

    [LoggerMessage(3, LogLevel.Debug, "yamux stream {Stream} of the remote was refused: {Why}")]
    public static partial void Refused(ILogger logger, uint stream, string why);

    [LoggerMessage(4, LogLevel.Warning, "yamux failed to release a connection")]
    public static partial void ReleaseFailed(ILogger logger, Exception error);
}
