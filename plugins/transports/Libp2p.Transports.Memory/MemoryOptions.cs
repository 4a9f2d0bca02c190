namespace Libp2p.Transports.Memory;

/// <summary>Options of the memory transport: <c>Libp2p:Plugins:memory</c>.</summary>
public sealed class MemoryOptions : IValidatableOptions
{
    /// <summary>
    /// Bytes that a writer may be ahead of its reader before a flush waits, each way; the dialer's options count for both. A flush is taken whole, so that what waits in
    /// memory may exceed it by one flush. Default 256 KiB; 1 byte to 16 MiB.
    /// </summary>
    public int Capacity { get; set; } = 256 * 1024;

    /// <summary>
    /// Bytes that a reader may have examined and not consumed before the connection is given up, as one that asks for ever more without using any. Default 4 MiB; 1 KiB to 1 GiB.
    /// </summary>
    public int MaxUnconsumed { get; set; } = 4 * 1024 * 1024;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (Capacity is < 1 or > 16 * 1024 * 1024)
        {
            yield return $"{nameof(Capacity)} is {Capacity}: allowed are 1 to 16777216 bytes; the default is 262144.";
        }

        if (MaxUnconsumed is < 1024 or > 1024 * 1024 * 1024)
        {
            yield return $"{nameof(MaxUnconsumed)} is {MaxUnconsumed}: allowed are 1024 to 1073741824 bytes; the default is 4194304.";
        }
    }
}
