using Microsoft.Extensions.Logging;

namespace Libp2p.Protocols.Perf;

internal static partial class PerfLog
{
    [LoggerMessage(1, LogLevel.Debug, "{Peer} asked for more than {Allowed} measurements at once: the new one is reset")]
    public static partial void TooManyStreams(ILogger logger, PeerId peer, int allowed);

    [LoggerMessage(2, LogLevel.Debug, "{Peer} ended its perf stream within the request: the stream is reset")]
    public static partial void CutShort(ILogger logger, PeerId peer);

    [LoggerMessage(3, LogLevel.Debug, "{Peer} asked for {Download} bytes; {Allowed} are allowed: the stream is reset")]
    public static partial void TooLarge(ILogger logger, PeerId peer, ulong download, long allowed);

    [LoggerMessage(4, LogLevel.Debug, "{Peer} measured: {Upload} bytes from it, {Download} bytes to it")]
    public static partial void Served(ILogger logger, PeerId peer, long upload, ulong download);

    [LoggerMessage(5, LogLevel.Debug, "The perf stream of {Peer} was reset after {Bytes} bytes; stalled: {Stalled}")]
    public static partial void Reset(ILogger logger, PeerId peer, long bytes, bool stalled, Exception cause);
}
