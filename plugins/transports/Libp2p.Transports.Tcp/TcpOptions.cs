namespace Libp2p.Transports.Tcp;

/// <summary>Options of the TCP transport: <c>Libp2p:Plugins:tcp</c>.</summary>
public sealed class TcpOptions : IValidatableOptions
{
    /// <summary>
    /// Bytes that one receive takes at most; also the memory that a connection holds while data flows (an idle one holds half a KiB, at most 4 KiB). Default 256 KiB; 4 KiB to 16 MiB.
    /// </summary>
    public int ReceiveBuffer { get; set; } = 256 * 1024;

    /// <summary>Bytes of a block that writes are gathered in until they are flushed; more is taken in further blocks. Default 64 KiB; 1 KiB to 16 MiB.</summary>
    public int SendBuffer { get; set; } = 64 * 1024;

    /// <summary>Whether small writes leave at once (TCP_NODELAY). Default true: muxers gather by themselves.</summary>
    public bool NoDelay { get; set; } = true;

    /// <summary>After how much silence the system probes the remote, and how often then. Default null: never, muxers have a keepalive of their own. 1 second to 1 day.</summary>
    public TimeSpan? KeepAlive { get; set; }

    /// <summary>
    /// Whether a dial leaves from a port that this transport listens on, where one fits, so that others see this node at an address at which it can be reached.
    /// Default true. Where that fails the dial leaves from a fresh port.
    /// </summary>
    public bool PortReuse { get; set; } = true;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (ReceiveBuffer is < 4 * 1024 or > 16 * 1024 * 1024)
        {
            yield return $"{nameof(ReceiveBuffer)} is {ReceiveBuffer}: allowed are 4096 to 16777216 bytes; the default is 262144.";
        }

        if (SendBuffer is < 1024 or > 16 * 1024 * 1024)
        {
            yield return $"{nameof(SendBuffer)} is {SendBuffer}: allowed are 1024 to 16777216 bytes; the default is 65536.";
        }

        if (KeepAlive is { } every && (every < TimeSpan.FromSeconds(1) || every > TimeSpan.FromDays(1)))
        {
            yield return $"{nameof(KeepAlive)} is {every}: allowed are 1 second to 1 day; leave it out to have no probes.";
        }
    }
}
