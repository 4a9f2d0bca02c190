using Microsoft.Extensions.Logging;

namespace Libp2p.Security.Tls;

internal static partial class TlsLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "Secured a connection to {Peer} as {Role} with {Cipher}; muxer {Muxer}")]
    public static partial void Secured(ILogger logger, PeerId peer, ConnectionRole role, System.Net.Security.TlsCipherSuite cipher, ProtocolId? muxer);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "A TLS handshake as {Role} failed: {Reason}")]
    public static partial void Failed(ILogger logger, ConnectionRole role, string reason);

    [LoggerMessage(EventId = 3, Level = LogLevel.Debug, Message = "Made a certificate for {Peer}, valid until {NotAfter}")]
    public static partial void Certificate(ILogger logger, PeerId peer, DateTimeOffset notAfter);
}
