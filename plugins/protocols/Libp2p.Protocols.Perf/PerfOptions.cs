namespace Libp2p.Protocols.Perf;

/// <summary>Options of perf: <c>Libp2p:Plugins:perf</c>.</summary>
public sealed class PerfOptions : IValidatableOptions
{
    /// <summary>Whether others may measure this node: each measurement makes it send what they ask for. Default false.</summary>
    public bool Serve { get; set; }

    /// <summary>Measurements of one peer that are served at once; a further one is reset. Default 1; 1 to 64.</summary>
    public int MaxStreamsPerPeer { get; set; } = 1;

    /// <summary>The most that one measurement may ask this node to send, in bytes; more is refused. Default 16 GiB; 0 to 2^62.</summary>
    public long MaxDownload { get; set; } = 16L << 30;

    /// <summary>How long nothing may move, either way, before a measurement is given up. Default 10 seconds; 1 second to 10 minutes.</summary>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of each write. Default 64 KiB; 1 to 1 MiB.</summary>
    public int BlockSize { get; set; } = 64 * 1024;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (MaxStreamsPerPeer is < 1 or > 64)
        {
            yield return $"{nameof(MaxStreamsPerPeer)} is {MaxStreamsPerPeer}: allowed are 1 to 64; the default is 1.";
        }

        if (MaxDownload is < 0 or > 1L << 62)
        {
            yield return $"{nameof(MaxDownload)} is {MaxDownload}: allowed are 0 to {1L << 62} bytes; the default is {16L << 30}.";
        }

        if (StallTimeout < TimeSpan.FromSeconds(1) || StallTimeout > TimeSpan.FromMinutes(10))
        {
            yield return $"{nameof(StallTimeout)} is {StallTimeout}: allowed are 1 second to 10 minutes; the default is 10 seconds.";
        }

        if (BlockSize is < 1 or > PerfTransfer.MaxBlock)
        {
            yield return $"{nameof(BlockSize)} is {BlockSize}: allowed are 1 to {PerfTransfer.MaxBlock} bytes; the default is 65536.";
        }
    }
}
