namespace Libp2p;

/// <summary>A muxed connection broke, or the remote broke the muxer's protocol.</summary>
public class MuxerException(string message, ConnectionErrorCode code = default, Exception? inner = null) : Libp2pException(message, inner)
{
    /// <summary>The code sent to, or received from, the remote.</summary>
    public ConnectionErrorCode Code { get; } = code;

    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Muxer;
}

/// <summary>Used after the connection ended.</summary>
public sealed class ConnectionClosedException(ConnectionEnd end)
    : MuxerException(end.ToString(), end.Code, end.Cause)
{
    /// <summary>How it ended.</summary>
    public ConnectionEnd End { get; } = end;
}
