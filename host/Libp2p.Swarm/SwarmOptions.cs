using System.Collections.Immutable;
using Libp2p.Multiformats;

namespace Libp2p.Swarm;

/// <summary>How a swarm listens, dials, upgrades and stops. Read once, when the node is made.</summary>
public sealed class SwarmOptions
{
    /// <summary>Where to listen; none: dial only. Default none.</summary>
    public ImmutableArray<Multiaddr> ListenAddresses { get; set; } = [];

    /// <summary>
    /// Whether a listen address that cannot be bound stops the start. Default false: it is logged, and the start fails only when none could be bound.
    /// </summary>
    public bool RequireAllListenAddresses { get; set; }

    /// <summary>How many connections may wait in the operating system to be accepted. 1 to 65,535, default 128.</summary>
    public int ListenBacklog { get; set; } = 128;

    /// <summary>The order in which security channels are offered; those not named follow in the order of their registration. Default empty.</summary>
    public ImmutableArray<ProtocolId> SecurityPreference { get; set; } = [];

    /// <summary>The order in which muxers are offered; those not named follow in the order of their registration. Default empty.</summary>
    public ImmutableArray<ProtocolId> MuxerPreference { get; set; } = [];

    /// <summary>From a bare connection to a muxed one, however the remote spreads its bytes. 100 ms to 10 min, default 10 s.</summary>
    public TimeSpan UpgradeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many incoming connections of one listener may be upgrading; more are refused, so that accepting never waits. 1 to 65,536, default 16.</summary>
    public int MaxPendingUpgrades { get; set; } = 16;

    /// <summary>To agree on the protocol of a stream, however the remote spreads its bytes. 100 ms to 10 min, default 10 s.</summary>
    public TimeSpan StreamNegotiationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many streams opened by the remote may be negotiating on one connection; more are reset. 1 to 65,536, default 1,024.</summary>
    public int MaxPendingNegotiations { get; set; } = 1024;

    /// <summary>How long handlers may finish when the node stops or a plugin leaves, before their streams are reset. 0 to 1 h, default 5 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many events wait for each subscriber of <see cref="INode.Events"/>; when it is full, events are dropped and counted. 1 to 1,048,576, default 1,024.</summary>
    public int EventQueueCapacity { get; set; } = 1024;

    /// <summary>How long the address of a successful dial is remembered. 1 s to 365 days, default 1 h.</summary>
    public TimeSpan ConnectedAddressLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How many independent observers (IPv4 addresses, IPv6 /56 networks) must see this node at an address before it counts as one of
    /// <see cref="INode.ExternalAddresses"/>. 1 to 64, default 4.
    /// </summary>
    public int ObservedAddressThreshold { get; set; } = 4;

    /// <summary>How many external addresses are kept: those that most observers see. 0 to 64, default 8.</summary>
    public int MaxExternalAddresses { get; set; } = 8;

    /// <summary>How often the machine's addresses are looked at, for interfaces that come and go. 100 ms to 1 h, default 5 s; <see cref="Timeout.InfiniteTimeSpan"/>: never.</summary>
    public TimeSpan NetworkCheckInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What it remembers of others.</summary>
    public PeerstoreOptions Peers { get; set; } = new();

    /// <summary>How it dials.</summary>
    public DialOptions Dialing { get; set; } = new();

    /// <summary>Whom it connects with.</summary>
    public GatingOptions Gating { get; set; } = new();

    /// <summary>Limits of memory, connections and streams.</summary>
    public ResourceOptions Resources { get; set; } = new();

    /// <summary>Checks every range. Empty when all is well; else a sentence a problem, each with what to set.</summary>
    public ImmutableArray<string> Validate()
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        Range(problems, ListenBacklog, 1, 65_535, nameof(ListenBacklog));
        Range(problems, MaxPendingUpgrades, 1, 65_536, nameof(MaxPendingUpgrades));
        Range(problems, MaxPendingNegotiations, 1, 65_536, nameof(MaxPendingNegotiations));
        Range(problems, EventQueueCapacity, 1, 1_048_576, nameof(EventQueueCapacity));
        var shortest = TimeSpan.FromMilliseconds(100);
        var longest = TimeSpan.FromMinutes(10);
        Range(problems, UpgradeTimeout, shortest, longest, nameof(UpgradeTimeout));
        Range(problems, StreamNegotiationTimeout, shortest, longest, nameof(StreamNegotiationTimeout));
        Range(problems, DrainTimeout, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(DrainTimeout));
        Range(problems, ConnectedAddressLifetime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(365), nameof(ConnectedAddressLifetime));
        Range(problems, ObservedAddressThreshold, 1, 64, nameof(ObservedAddressThreshold));
        Range(problems, MaxExternalAddresses, 0, 64, nameof(MaxExternalAddresses));
        if (NetworkCheckInterval != Timeout.InfiniteTimeSpan) Range(problems, NetworkCheckInterval, shortest, TimeSpan.FromHours(1), nameof(NetworkCheckInterval));
        Given(problems, ListenAddresses.IsDefault, nameof(ListenAddresses));
        Given(problems, SecurityPreference.IsDefault, nameof(SecurityPreference));
        Given(problems, MuxerPreference.IsDefault, nameof(MuxerPreference));
        if (Peers is null) problems.Add("Peers is null: leave it out for the defaults.");
        else Peers.Validate(problems);
        if (Dialing is null) problems.Add("Dialing is null: leave it out for the defaults.");
        else Dialing.Validate(problems);
        if (Gating is null) problems.Add("Gating is null: leave it out for no rules.");
        else Gating.Validate(problems);
        if (Resources is null)
        {
            problems.Add("Resources is null: leave it out for the defaults.");
        }
        else
        {
            Resources.Validate(problems);
        }

        return problems.ToImmutable();
    }

    internal static void Range<T>(ImmutableArray<string>.Builder problems, T value, T least, T most, string name) where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            problems.Add($"{name} is {value}: set it between {least} and {most}.");
        }
    }

    private static void Given(ImmutableArray<string>.Builder problems, bool missing, string name)
    {
        if (missing)
        {
            problems.Add($"{name} is a default ImmutableArray: set it to [] for none.");
        }
    }
}
