namespace Libp2p.Datastores.Memory;

/// <summary>Options of the datastore in memory: <c>Libp2p:Plugins:datastore-memory</c>.</summary>
public sealed class MemoryOptions : IValidatableOptions
{
    /// <summary>How many values it holds; what has expired makes room, then writes are refused. Default 1,000,000; 1 to 100,000,000.</summary>
    public int MaxEntries { get; set; } = 1_000_000;

    /// <summary>How many bytes it holds, keys and values with 100 bytes for each beside. Default 256 MiB; 1 KiB to 1 TiB.</summary>
    public long MaxBytes { get; set; } = 256L << 20;

    /// <summary>The longest value, in bytes. Default 4 MiB; 1 byte to 1 GiB.</summary>
    public int MaxValueLength { get; set; } = 4 << 20;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (MaxEntries is < 1 or > 100_000_000) yield return $"{nameof(MaxEntries)} is {MaxEntries}: allowed are 1 to 100000000; the default is 1000000.";
        if (MaxBytes is < 1024 or > 1L << 40) yield return $"{nameof(MaxBytes)} is {MaxBytes}: allowed are 1024 to {1L << 40} bytes; the default is {256L << 20}.";
        if (MaxValueLength is < 1 or > 1 << 30) yield return $"{nameof(MaxValueLength)} is {MaxValueLength}: allowed are 1 to {1 << 30} bytes; the default is {4 << 20}.";
    }
}
