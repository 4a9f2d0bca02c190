namespace Libp2p.Muxers.Yamux;

/// <summary>Options of the yamux muxer: <c>Libp2p:Plugins:yamux</c>. Times follow the node's clock.</summary>
public sealed class YamuxOptions : IValidatableOptions
{
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;

    /// <summary>How far the receive window of a stream may grow from the protocol's 256 KiB. 256 KiB to 1 GiB; default 16 MiB.</summary>
    public int MaxWindow { get; set; } = 16 * MiB;

    /// <summary>Credit that all streams of a connection together may have been granted above their initial windows. 0 to 16 GiB; default 16 MiB.</summary>
    public long MaxGrownCredit { get; set; } = 16 * MiB;

    /// <summary>
    /// Memory that unread data of a connection may hold. When it is reached, the stream that holds most is reset, so that the others go on.
    /// 256 KiB to 16 GiB; default 32 MiB.
    /// </summary>
    public long MaxUnreadBytes { get; set; } = 32 * MiB;

    /// <summary>
    /// The largest data frame accepted; a larger one ends the connection. Frames are passed on in pieces as they arrive, so their size costs no memory: the
    /// window bounds them, too. 16 KiB to 1 GiB; default 16 MiB, because js sends frames as large as the window allows.
    /// </summary>
    public int MaxFrameLength { get; set; } = 16 * MiB;

    /// <summary>
    /// The largest body of a data frame sent. 1 KiB to 1 MiB; default 65,507, which with its header fills one Noise record.
    /// </summary>
    public int MaxSentFrameLength { get; set; } = 65507;

    /// <summary>Streams of the remote that may wait to be accepted; the excess is reset. 1 to 65,536; default 256.</summary>
    public int AcceptBacklog { get; set; } = 256;

    /// <summary>Streams of ours that the remote may not have acknowledged yet; opening another waits. 1 to 1,000,000; default 256.</summary>
    public int MaxUnacknowledgedStreams { get; set; } = 256;

    /// <summary>
    /// Streams of ours before the remote has sent anything; opening another waits. It may still be busy with its own side of the upgrade, and js-libp2p resets
    /// more than ten. 1 to 1,000,000; default 8.
    /// </summary>
    public int MaxEarlyStreams { get; set; } = 8;

    /// <summary>Streams of the remote that may be open at once; the excess is reset. 1 to 1,000,000; default 1,000.</summary>
    public int MaxInboundStreams { get; set; } = 1000;

    /// <summary>Streams of ours that may be open at once; opening another fails. 1 to 1,000,000; default 100,000.</summary>
    public int MaxOutboundStreams { get; set; } = 100_000;

    /// <summary>Control frames that may wait to be sent; when so many wait, reading pauses until they have left. 32 to 65,536; default 256.</summary>
    public int MaxQueuedControlFrames { get; set; } = 256;

    /// <summary>Answers to pings that may wait to be sent; further pings are not answered. 1 to 256; default 32.</summary>
    public int MaxQueuedPongs { get; set; } = 32;

    /// <summary>Bytes of small or contended writes that may wait for the write turn; when so many wait, flushes wait. 64 KiB to 16 MiB; default 256 KiB.</summary>
    public int SendBufferSize { get; set; } = 256 * KiB;

    /// <summary>How often the remote is pinged. 1 s to 1 h, or infinite for never; default 30 s.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after a ping something must have arrived, else the connection is dead. 1 s to 10 min; default 10 s.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a send may take before the connection is dead. 1 s to 10 min; default 10 s.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long ending a connection may wait, each time, for its last frames to leave and for the remote to end its side. 10 ms to 1 min; default 1 s.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stream that this side is done with may stay open at the remote, before it is reset. Checked every keepalive. 1 s to 1 h; default 1 min.</summary>
    public TimeSpan LingerTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Streams a second that the remote may open and reset before anything was answered, on average. Resets over the rate are tolerated
    /// <see cref="MaxResetStrikes"/> times. 1 to 1,000,000; default 200.
    /// </summary>
    public int ResetsPerSecond { get; set; } = 200;

    /// <summary>Such streams at once. 1 to 1,000,000; default 1,000.</summary>
    public int ResetBurst { get; set; } = 1000;

    /// <summary>Resets over the rate before the connection is closed. 0 to 1,000; default 5.</summary>
    public int MaxResetStrikes { get; set; } = 5;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        string?[] found =
        [
            Check(nameof(MaxWindow), MaxWindow, 256 * KiB, 1024 * MiB),
            Check(nameof(MaxGrownCredit), MaxGrownCredit, 0, 16L * 1024 * MiB),
            Check(nameof(MaxUnreadBytes), MaxUnreadBytes, 256 * KiB, 16L * 1024 * MiB),
            Check(nameof(MaxFrameLength), MaxFrameLength, 16 * KiB, 1024 * MiB),
            Check(nameof(MaxSentFrameLength), MaxSentFrameLength, KiB, MiB),
            Check(nameof(AcceptBacklog), AcceptBacklog, 1, 65_536),
            Check(nameof(MaxUnacknowledgedStreams), MaxUnacknowledgedStreams, 1, 1_000_000),
            Check(nameof(MaxEarlyStreams), MaxEarlyStreams, 1, 1_000_000),
            Check(nameof(MaxInboundStreams), MaxInboundStreams, 1, 1_000_000),
            Check(nameof(MaxOutboundStreams), MaxOutboundStreams, 1, 1_000_000),
            Check(nameof(MaxQueuedControlFrames), MaxQueuedControlFrames, 32, 65_536),
            Check(nameof(MaxQueuedPongs), MaxQueuedPongs, 1, 256),
            Check(nameof(SendBufferSize), SendBufferSize, 64 * KiB, 16 * MiB),
            KeepAliveInterval == Timeout.InfiniteTimeSpan ? null : Check(nameof(KeepAliveInterval), KeepAliveInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            Check(nameof(KeepAliveTimeout), KeepAliveTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            Check(nameof(WriteTimeout), WriteTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            Check(nameof(CloseTimeout), CloseTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            Check(nameof(LingerTimeout), LingerTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            Check(nameof(ResetsPerSecond), ResetsPerSecond, 1, 1_000_000),
            Check(nameof(ResetBurst), ResetBurst, 1, 1_000_000),
            Check(nameof(MaxResetStrikes), MaxResetStrikes, 0, 1_000),
        ];
        return found.OfType<string>();
    }

    private static string? Check<T>(string name, T value, T least, T most) where T : IComparable<T> =>
        value.CompareTo(least) < 0 || value.CompareTo(most) > 0 ? $"{name} is {value}: allowed are {least} to {most}." : null;
}
