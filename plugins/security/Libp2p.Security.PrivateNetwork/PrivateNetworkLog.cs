using Microsoft.Extensions.Logging;

namespace Libp2p.Security.PrivateNetwork;

internal static partial class PrivateNetworkLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "This node is of the private network {Fingerprint}")]
    public static partial void Active(ILogger logger, string fingerprint);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The key of the private network cannot be used, so that no connection comes about: {Reason}")]
    public static partial void Refusing(ILogger logger, string reason);
}
