namespace Libp2p.Protocols.Ping;

/// <summary>Options of ping: <c>Libp2p:Plugins:ping</c>.</summary>
public sealed class PingOptions : IValidatableOptions
{
    /// <summary>
    /// How long a ping may take, from its first byte to its last and back; also how long a new stream may stay silent. Default 10 seconds; 100 milliseconds to 1 minute.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a remote may wait between two of its pings on one stream. Default 1 minute; 1 second to 1 hour.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Ping streams that one peer may have open here; one more is reset after <see cref="StreamGrace"/>. Default 2; 1 to 64.</summary>
    public int MaxStreamsPerPeer { get; set; } = 2;

    /// <summary>
    /// How long a stream too many waits for one to end before it is reset: who opens a stream a ping may begin the next before the end of the last is noticed here. As many as may be open may
    /// wait; further ones are reset at once. Default 1 second; 0 to 10 seconds.
    /// </summary>
    public TimeSpan StreamGrace { get; set; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(1))
        {
            yield return $"{nameof(Timeout)} is {Timeout}: allowed are 100 milliseconds to 1 minute; the default is 10 seconds.";
        }

        if (IdleTimeout < TimeSpan.FromSeconds(1) || IdleTimeout > TimeSpan.FromHours(1))
        {
            yield return $"{nameof(IdleTimeout)} is {IdleTimeout}: allowed are 1 second to 1 hour; the default is 1 minute.";
        }

        if (MaxStreamsPerPeer is < 1 or > 64)
        {
            yield return $"{nameof(MaxStreamsPerPeer)} is {MaxStreamsPerPeer}: allowed are 1 to 64; the default is 2.";
        }

        if (StreamGrace < TimeSpan.Zero || StreamGrace > TimeSpan.FromSeconds(10))
        {
            yield return $"{nameof(StreamGrace)} is {StreamGrace}: allowed are 0 to 10 seconds; the default is 1 second.";
        }
    }
}
