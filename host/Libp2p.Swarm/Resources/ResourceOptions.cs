using System.Collections.Immutable;
using Libp2p.Swarm.Resources;
using Libp2p.Swarm.Runtime;

namespace Libp2p.Swarm;

/// <summary>
/// What a node may use. Every refusal names the option that caused it. What is null follows from the rest, and from what the process may use; what is set and contradicts itself
/// keeps the node from starting.
/// </summary>
public sealed class ResourceOptions
{
    private const long MiB = 1L << 20;

    /// <summary>
    /// Bytes that connections and streams may reserve together. 1 MiB up to what the process may use (container limits included), at most 1 TiB; null (default): a quarter of that, at
    /// least 64 MiB.
    /// </summary>
    public long? Memory { get; set; }

    /// <summary>Bytes that one peer's connections and streams may reserve. 64 KiB up to <see cref="Memory"/>; null (default): a quarter of it, at least 32 MiB where there is that much.</summary>
    public long? MemoryPerPeer { get; set; }

    /// <summary>Bytes that one connection and its streams may reserve. 64 KiB up to <see cref="MemoryPerPeer"/>; null (default): an eighth of <see cref="Memory"/>, at least 32 MiB where there is that much.</summary>
    public long? MemoryPerConnection { get; set; }

    /// <summary>Bytes that connections may reserve together before they know their peer. 64 KiB up to <see cref="Memory"/>; null (default): a quarter of it.</summary>
    public long? MemoryTransient { get; set; }

    /// <summary>Descriptors that connections and listeners may hold. 1 to 10,000,000; null (default): what the system lets the process open, less a quarter, at most 256, for files and its own needs.</summary>
    public int? Descriptors { get; set; }

    /// <summary>Connections open or being upgraded, both ways. 1 to 1,000,000; null (default): as many as memory and descriptors allow, at most 1,024.</summary>
    public int? MaxConnections { get; set; }

    /// <summary>Connections with one peer. 1 to 1,000,000, default 8.</summary>
    public int MaxConnectionsPerPeer { get; set; } = 8;

    /// <summary>Streams open in the node, both ways. 1 to 4,000,000, default 65,536.</summary>
    public int MaxStreams { get; set; } = 65_536;

    /// <summary>Streams open with one peer, both ways. 1 to 4,000,000; null (default): four times <see cref="MaxStreamsPerConnection"/>, at most <see cref="MaxStreams"/>.</summary>
    public int? MaxStreamsPerPeer { get; set; }

    /// <summary>Streams open on one connection, both ways. 1 to 4,000,000, default 4,096.</summary>
    public int MaxStreamsPerConnection { get; set; } = 4096;

    /// <summary>Streams open in the node that others opened and that speak one protocol. 1 to 4,000,000; null (default): half of <see cref="MaxStreams"/>, so that no protocol keeps out all others.</summary>
    public int? MaxStreamsPerProtocol { get; set; }

    /// <summary>
    /// How long a connection may be without streams while there are more than <see cref="LowWater"/>, before it is closed; measured to a quarter, or 10 s. 1 s to 30 days, or
    /// <see cref="Timeout.InfiniteTimeSpan"/> for ever; default 5 min.
    /// </summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many connections may be idle for as long as they like. 0 up to <see cref="MaxConnections"/>; null (default): half of it.</summary>
    public int? LowWater { get; set; }

    /// <summary>Peers whose tags and protections are remembered; see <see cref="IResourceGovernor.Tag"/>. 1 to 1,000,000, default 10,000.</summary>
    public int MaxTaggedPeers { get; set; } = 10_000;

    /// <summary>Tags of a peer, and protections of a peer. 1 to 1,024, default 64.</summary>
    public int MaxTagsPerPeer { get; set; } = 64;

    /// <summary>What others may open from one network.</summary>
    public NetworkLimitOptions Networks { get; set; } = new();

    /// <summary>What <see cref="Memory"/> comes to on this machine.</summary>
    public long EffectiveMemory => Memory ?? Math.Clamp(MachineLimits.Memory / 4, 64 * MiB, ResourceScope.MaxBytes);

    /// <summary>What <see cref="Descriptors"/> comes to on this machine.</summary>
    public int EffectiveDescriptors => Descriptors ?? (MachineLimits.Descriptors is var all ? all - Math.Min(256, all / 4) : 0);

    /// <summary>What <see cref="MaxConnections"/> comes to on this machine.</summary>
    public int EffectiveMaxConnections => MaxConnections ?? (int)Math.Clamp(Math.Min(EffectiveDescriptors, Fitting(EffectiveMemory)), 1, 1024);

    internal long EffectiveMemoryPerPeer => MemoryPerPeer ?? Math.Max(EffectiveMemoryPerConnection, Math.Min(EffectiveMemory, Math.Max(32 * MiB, EffectiveMemory / 4)));

    internal long EffectiveMemoryPerConnection => MemoryPerConnection ?? Math.Min(MemoryPerPeer ?? long.MaxValue, Math.Min(EffectiveMemory, Math.Max(32 * MiB, EffectiveMemory / 8)));

    internal long EffectiveMemoryTransient => MemoryTransient ?? EffectiveMemory / 4;

    internal int EffectiveLowWater => LowWater ?? EffectiveMaxConnections / 2;

    internal int EffectiveMaxStreamsPerPeer => MaxStreamsPerPeer ?? (int)Math.Min(4L * MaxStreamsPerConnection, MaxStreams);

    internal int EffectiveMaxStreamsPerProtocol => MaxStreamsPerProtocol ?? Math.Max(1, MaxStreams / 2);

    internal void Validate(ImmutableArray<string>.Builder problems)
    {
        var before = problems.Count;
        Range(Memory, 1 * MiB, ResourceScope.MaxBytes, nameof(Memory));
        Range(Descriptors, 1, 10_000_000, nameof(Descriptors));
        Range(MaxConnections, 1, 1_000_000, nameof(MaxConnections));
        Range<int>(MaxConnectionsPerPeer, 1, 1_000_000, nameof(MaxConnectionsPerPeer));
        Range<int>(MaxStreams, 1, 4_000_000, nameof(MaxStreams));
        Range(MaxStreamsPerPeer, 1, 4_000_000, nameof(MaxStreamsPerPeer));
        Range<int>(MaxStreamsPerConnection, 1, 4_000_000, nameof(MaxStreamsPerConnection));
        Range(MaxStreamsPerProtocol, 1, 4_000_000, nameof(MaxStreamsPerProtocol));
        Range(LowWater, 0, 1_000_000, nameof(LowWater));
        Range<int>(MaxTaggedPeers, 1, 1_000_000, nameof(MaxTaggedPeers));
        Range<int>(MaxTagsPerPeer, 1, 1024, nameof(MaxTagsPerPeer));
        if (IdleTimeout != Timeout.InfiniteTimeSpan) Range<TimeSpan>(IdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), nameof(IdleTimeout));
        if (Networks is null) problems.Add("Resources:Networks is null: leave it out for the defaults.");
        else Networks.Validate(problems);
        if (problems.Count > before) return;

        Range(MemoryPerPeer, 64 << 10, EffectiveMemory, nameof(MemoryPerPeer));
        Range(MemoryPerConnection, 64 << 10, EffectiveMemory, nameof(MemoryPerConnection));
        Range(MemoryTransient, 64 << 10, EffectiveMemory, nameof(MemoryTransient));
        Within(MemoryPerConnection, MemoryPerPeer, nameof(MemoryPerConnection), nameof(MemoryPerPeer));
        Within(MaxStreamsPerPeer, MaxStreams, nameof(MaxStreamsPerPeer), nameof(MaxStreams));
        Within(MaxStreamsPerProtocol, MaxStreams, nameof(MaxStreamsPerProtocol), nameof(MaxStreams));
        Within(LowWater, MaxConnections, nameof(LowWater), nameof(MaxConnections));
        Within(MaxConnections, Descriptors, nameof(MaxConnections), nameof(Descriptors));
        if (Memory > MachineLimits.Memory)
        {
            problems.Add($"Resources:Memory is {Memory}, but this process may use {MachineLimits.Memory} bytes (the limit of its container, or of the machine): lower it, or leave it out for a quarter of that.");
        }

        if (MaxConnections is { } most && Memory is { } memory && Fitting(memory) < most)
        {
            problems.Add($"Resources:MaxConnections is {most}, but no more than {Fitting(memory)} of {ResourceGovernor.ConnectionPrice} bytes each fit into 90 % of Resources:Memory ({memory}): lower the one or raise the other.");
        }

        void Range<T>(T? value, T least, T greatest, string name) where T : struct, IComparable<T>
        {
            if (value is { } set) SwarmOptions.Range(problems, set, least, greatest, $"Resources:{name}");
        }

        void Within<T>(T? part, T? whole, string partName, string wholeName) where T : struct, IComparable<T>
        {
            if (part is { } less && whole is { } more && less.CompareTo(more) > 0)
            {
                problems.Add($"Resources:{partName} is {less}, more than Resources:{wholeName}, {more}: lower the one or raise the other.");
            }
        }
    }

    /// <summary>How many connections memory is enough for, as far as they are admitted.</summary>
    private static long Fitting(long memory) => memory / 10 * 9 / ResourceGovernor.ConnectionPrice;
}
