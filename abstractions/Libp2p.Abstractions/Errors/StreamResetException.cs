namespace Libp2p;

/// <summary>A stream was reset: by the remote, by this side, or with its connection. Data after it is lost; end of stream is something else.</summary>
public sealed class StreamResetException(StreamErrorCode code, bool byRemote, Exception? inner = null)
    : Libp2pException($"The stream was reset by {(byRemote ? "the remote" : "this side")} ({code}).", inner)
{
    /// <summary>The error code; <see cref="StreamErrorCode.None"/> where the muxer carries none.</summary>
    public StreamErrorCode Code { get; } = code;

    /// <summary>Whether the remote reset it.</summary>
    public bool ByRemote { get; } = byRemote;

    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Protocol;
}

/// <summary>The remote broke the rules of the protocol spoken on a stream.</summary>
public sealed class ProtocolException(string message, Exception? inner = null) : Libp2pException(message, inner)
{
    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Protocol;
}
