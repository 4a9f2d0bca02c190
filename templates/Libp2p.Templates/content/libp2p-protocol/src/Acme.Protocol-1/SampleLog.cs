using Libp2p;
using Microsoft.Extensions.Logging;

namespace Acme.Protocol_1;

internal static partial class SampleLog
{
    [LoggerMessage(1, LogLevel.Debug, "{Peer} asked")]
    public static partial void Asked(ILogger logger, PeerId peer);
}
