using Microsoft.Extensions.Logging;

namespace Libp2p.Security.Noise;

internal static partial class NoiseLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "Noise uses {Providers}")]
    public static partial void Providers(ILogger logger, string providers);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "Secured a connection to {Peer} as {Role}; muxer {Muxer}")]
    public static partial void Secured(ILogger logger, PeerId peer, ConnectionRole role, ProtocolId? muxer);

    [LoggerMessage(EventId = 3, Level = LogLevel.Debug, Message = "A Noise handshake as {Role} failed: {Reason}")]
    public static partial void Failed(ILogger logger, ConnectionRole role, string reason);
}
