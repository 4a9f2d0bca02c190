using Microsoft.Extensions.Logging;

namespace Libp2p.Protocols.Ping;

internal static partial class PingLog
{
    [LoggerMessage(1, LogLevel.Debug, "{Peer} opened more than {Allowed} ping streams: the new one is reset")]
    public static partial void TooManyStreams(ILogger logger, PeerId peer, int allowed);

    [LoggerMessage(2, LogLevel.Debug, "{Peer} ended its ping stream {Bytes} bytes into a ping: the stream is reset")]
    public static partial void CutShort(ILogger logger, PeerId peer, long bytes);

    [LoggerMessage(3, LogLevel.Debug, "The ping stream of {Peer} was reset")]
    public static partial void Reset(ILogger logger, PeerId peer, Exception cause);
}
