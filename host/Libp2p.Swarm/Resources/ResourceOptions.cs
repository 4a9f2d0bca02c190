using System.Collections.Immutable;

namespace Libp2p.Swarm;

/// <summary>What a node may use. Every refusal names the option that caused it.</summary>
public sealed class ResourceOptions
{
    /// <summary>
    /// Bytes that connections and streams may reserve together. 1 MiB and up; default: a quarter of the memory this process may use (container limits
    /// included), at least 64 MiB.
    /// </summary>
    public long Memory { get; set; } = Math.Max(64L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>Bytes that one connection and its streams may reserve. 64 KiB and up, at most <see cref="Memory"/>; null (default): an eighth of it, at least 32 MiB where there is that much.</summary>
    public long? MemoryPerConnection { get; set; }

    /// <summary>Connections open or being upgraded, both ways. 1 to 1,000,000, default 1,024.</summary>
    public int MaxConnections { get; set; } = 1024;

    /// <summary>Connections with one peer. 1 to 1,000,000, default 8.</summary>
    public int MaxConnectionsPerPeer { get; set; } = 8;

    /// <summary>Streams open in the node, both ways. 1 to 10,000,000, default 65,536.</summary>
    public int MaxStreams { get; set; } = 65_536;

    /// <summary>Streams open on one connection, both ways. 1 to 1,000,000, default 4,096.</summary>
    public int MaxStreamsPerConnection { get; set; } = 4096;

    internal long EffectiveMemoryPerConnection => MemoryPerConnection ?? Math.Min(Memory, Math.Max(32L << 20, Memory / 8));

    internal void Validate(ImmutableArray<string>.Builder problems)
    {
        SwarmOptions.Range(problems, Memory, 1L << 20, long.MaxValue, "Resources:Memory");
        SwarmOptions.Range(problems, MaxConnections, 1, 1_000_000, "Resources:MaxConnections");
        SwarmOptions.Range(problems, MaxConnectionsPerPeer, 1, 1_000_000, "Resources:MaxConnectionsPerPeer");
        SwarmOptions.Range(problems, MaxStreams, 1, 10_000_000, "Resources:MaxStreams");
        SwarmOptions.Range(problems, MaxStreamsPerConnection, 1, 1_000_000, "Resources:MaxStreamsPerConnection");
        if (MemoryPerConnection is { } memory)
        {
            SwarmOptions.Range(problems, memory, 64L << 10, Math.Max(64L << 10, Memory), "Resources:MemoryPerConnection");
        }
    }
}
