namespace Libp2p;

/// <summary>Why a stream was reset, as it crosses the wire (libp2p/specs, error-codes). 32 bits.</summary>
/// <param name="Value">The code.</param>
public readonly record struct StreamErrorCode(uint Value)
{
    /// <summary>No reason given.</summary>
    public static StreamErrorCode None => new(0);

    /// <summary>Protocol negotiation failed.</summary>
    public static StreamErrorCode ProtocolNegotiationFailed => new(0x1001);

    /// <summary>A resource limit was exceeded.</summary>
    public static StreamErrorCode ResourceLimitExceeded => new(0x1002);

    /// <summary>Rate limited.</summary>
    public static StreamErrorCode RateLimited => new(0x1003);

    /// <summary>The remote violated the protocol.</summary>
    public static StreamErrorCode ProtocolViolation => new(0x1004);

    /// <summary>The data could not be supplied.</summary>
    public static StreamErrorCode Supplied => new(0x1005);

    /// <inheritdoc/>
    public override string ToString() => Value == 0 ? "no code" : $"code 0x{Value:x}";
}

/// <summary>Why a connection was closed, as it crosses the wire (libp2p/specs, error-codes). 32 bits.</summary>
/// <param name="Value">The code.</param>
public readonly record struct ConnectionErrorCode(uint Value)
{
    /// <summary>Closed in the ordinary way.</summary>
    public static ConnectionErrorCode None => new(0);

    /// <summary>The remote violated the protocol.</summary>
    public static ConnectionErrorCode ProtocolError => new(0x1004);

    /// <summary>A resource limit was exceeded.</summary>
    public static ConnectionErrorCode ResourceLimitExceeded => new(0x1002);

    /// <summary>Refused by the connection gater.</summary>
    public static ConnectionErrorCode Gated => new(0x1000);

    /// <summary>Closed to free resources.</summary>
    public static ConnectionErrorCode GarbageCollected => new(0x1006);

    /// <inheritdoc/>
    public override string ToString() => Value == 0 ? "no code" : $"code 0x{Value:x}";
}

/// <summary>One or both ways of a stream.</summary>
[Flags]
public enum StreamSide
{
    /// <summary>What this side reads: the remote is asked to stop sending.</summary>
    Read = 1,

    /// <summary>What this side writes: the remote's reader sees a reset.</summary>
    Write = 2,

    /// <summary>Both ways.</summary>
    Both = Read | Write,
}

/// <summary>How a connection ended.</summary>
/// <param name="Code">The code sent or received.</param>
/// <param name="ByRemote">Whether the remote ended it.</param>
/// <param name="Cause">What broke it; null for an ordinary close.</param>
public sealed record ConnectionEnd(ConnectionErrorCode Code, bool ByRemote, Exception? Cause = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"The connection was closed by {(ByRemote ? "the remote" : "this side")}{(Code.Value == 0 ? "" : $" ({Code})")}{(Cause is null ? "." : $": {Cause.Message}")}";
}
