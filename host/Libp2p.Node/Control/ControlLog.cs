using Microsoft.Extensions.Logging;

namespace Libp2p.Node.Control;

internal static partial class ControlLog
{
    [LoggerMessage(1, LogLevel.Warning, "A client could not come in on the control socket.")]
    public static partial void ControlAcceptFailed(this ILogger log, Exception error);

    [LoggerMessage(2, LogLevel.Warning, "There is no control socket, so that 'libp2p status' and 'libp2p stop' cannot reach this node: {Reason} A data folder with a short path helps.")]
    public static partial void ControlNotOpened(this ILogger log, string reason);
}
