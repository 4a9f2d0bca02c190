using Libp2p.Multiformats;
using Microsoft.Extensions.Logging;

namespace Libp2p.Swarm;

internal static partial class SwarmLog
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {Address}.")]
    public static partial void Listening(this ILogger logger, Multiaddr address);

    [LoggerMessage(2, LogLevel.Warning, "Could not listen on {Address}: {Reason}")]
    public static partial void ListenFailed(this ILogger logger, Multiaddr address, string reason);

    [LoggerMessage(3, LogLevel.Debug, "Connection {Id} with {Peer} at {Remote} is ready ({Direction}, {Security}, {Muxer}).")]
    public static partial void Connected(this ILogger logger, long id, PeerId peer, Multiaddr remote, ConnectionDirection direction, ProtocolId? security, ProtocolId? muxer);

    [LoggerMessage(4, LogLevel.Debug, "Connection {Id} with {Peer} ended. {End}")]
    public static partial void Disconnected(this ILogger logger, long id, PeerId peer, ConnectionEnd end);

    [LoggerMessage(5, LogLevel.Debug, "An incoming connection from {Remote} failed.")]
    public static partial void IncomingFailed(this ILogger logger, Exception cause, Multiaddr remote);

    [LoggerMessage(6, LogLevel.Debug, "A stream of connection {Connection} was not agreed on: {Reason}")]
    public static partial void NegotiationFailed(this ILogger logger, long connection, string reason);

    [LoggerMessage(7, LogLevel.Debug, "The handler of {Protocol} ended with the stream of connection {Connection}: {Reason}")]
    public static partial void HandlerEnded(this ILogger logger, ProtocolId protocol, long connection, string reason);

    [LoggerMessage(8, LogLevel.Warning, "The handler of {Protocol} failed on connection {Connection}; its stream was reset.")]
    public static partial void HandlerFailed(this ILogger logger, Exception cause, ProtocolId protocol, long connection);

    [LoggerMessage(9, LogLevel.Warning, "The observer {Observer} threw; observers must not.")]
    public static partial void ObserverFailed(this ILogger logger, Exception cause, string observer);

    [LoggerMessage(10, LogLevel.Warning, "{Role} is still in use {Timeout} after it was removed; its connections and streams were aborted.")]
    public static partial void DrainTimedOut(this ILogger logger, string role, TimeSpan timeout);

    [LoggerMessage(11, LogLevel.Warning, "The listener of {Address} failed and is closed.")]
    public static partial void ListenerFailed(this ILogger logger, Exception cause, Multiaddr address);

    [LoggerMessage(12, LogLevel.Debug, "Dialing {Target}: {Address}.")]
    public static partial void Dialing(this ILogger logger, string target, Multiaddr address);

    [LoggerMessage(13, LogLevel.Debug, "Dialing {Target} at {Address} failed: {Reason}")]
    public static partial void DialAttemptFailed(this ILogger logger, string target, Multiaddr address, string reason);

    [LoggerMessage(14, LogLevel.Debug, "The accept loop of connection {Connection} ended with an error.")]
    public static partial void AcceptLoopFailed(this ILogger logger, Exception cause, long connection);

    [LoggerMessage(15, LogLevel.Debug, "Stopping: {Stage}.")]
    public static partial void Stopping(this ILogger logger, string stage);

    [LoggerMessage(17, LogLevel.Debug, "{Router} failed to find addresses of {Peer}.")]
    public static partial void RoutingFailed(this ILogger logger, Exception cause, string router, PeerId peer);

    [LoggerMessage(18, LogLevel.Warning, "The gater {Gater} threw; what it was asked for is refused. Gaters must not throw.")]
    public static partial void GaterFailed(this ILogger logger, Exception cause, string gater);

    [LoggerMessage(16, LogLevel.Debug, "Disposing {What} failed.")]
    public static partial void DisposeFailed(this ILogger logger, Exception cause, string what);

    [LoggerMessage(42, LogLevel.Warning, "A limit was reached ({Count} times since this was last said): {Denial}")]
    public static partial void LimitReached(this ILogger logger, ResourceDenial denial, long count);

    [LoggerMessage(43, LogLevel.Information, "The pressure on the resources is now {Pressure}.")]
    public static partial void PressureChanged(this ILogger logger, ResourcePressure pressure);

    [LoggerMessage(44, LogLevel.Information, "Connection {Id} with {Peer}, worth {Value}, was closed to make room.")]
    public static partial void Evicted(this ILogger logger, long id, PeerId peer, int value);

    [LoggerMessage(45, LogLevel.Debug, "Connection {Id} with {Peer} was closed: nobody used it for {Timeout}.")]
    public static partial void IdleClosed(this ILogger logger, long id, PeerId peer, TimeSpan timeout);

    [LoggerMessage(40, LogLevel.Information, "Peers reach this node at {Addresses}.")]
    public static partial void ExternalAddresses(this ILogger logger, string addresses);

    [LoggerMessage(41, LogLevel.Information, "The network changed: added [{Added}], removed [{Removed}], slept: {Slept}.")]
    public static partial void NetworkChanged(this ILogger logger, string added, string removed, bool slept);

    [LoggerMessage(43, LogLevel.Debug, "Remembered {Count} peers of the datastore in {Time}; {Unusable} could not be read, or were too old.")]
    public static partial void PeersRead(this ILogger logger, int count, int unusable, TimeSpan time);

    [LoggerMessage(44, LogLevel.Warning, "The datastore's peers cannot be read, and what is learnt of peers now lasts as long as the process: {Reason} {Remedy}")]
    public static partial void PeersNotRead(this ILogger logger, string reason, string remedy);

    [LoggerMessage(45, LogLevel.Warning, "What was learnt of peers could not be written, and is tried again: {Reason} {Remedy}")]
    public static partial void PeersNotWritten(this ILogger logger, string reason, string remedy);

    [LoggerMessage(46, LogLevel.Information, "What is learnt of peers can be written again.")]
    public static partial void PeersWrittenAgain(this ILogger logger);

    [LoggerMessage(42, LogLevel.Debug, "The machine's addresses could not be looked at.")]
    public static partial void NetworkUnknown(this ILogger logger, Exception cause);
}
