using System.Collections.Immutable;

namespace Libp2p.Swarm;

/// <summary>How much a node remembers of others, and where: <c>Libp2p:Swarm:Peers</c>.</summary>
public sealed class PeerstoreOptions
{
    /// <summary>How many addresses are kept of a peer: those that live longest. 1 to 10,000, default 64.</summary>
    public int MaxAddressesPerPeer { get; set; } = 64;

    /// <summary>
    /// How many peers are remembered; when full, peers whose addresses have expired make room, else new ones are ignored. One that is connected is never ignored: the oldest that are not give way. 1 to
    /// 10,000,000, default 100,000.
    /// </summary>
    public int MaxPeers { get; set; } = 100_000;

    /// <summary>How many addresses are kept of all peers that are not connected; when full, those that have expired make room, else new ones are ignored. 1 to 100,000,000, default 1,000,000.</summary>
    public int MaxUnconnectedAddresses { get; set; } = 1_000_000;

    /// <summary>How many protocols are kept of a peer: the first. 1 to 65,536, default 1,024.</summary>
    public int MaxProtocolsPerPeer { get; set; } = 1024;

    /// <summary>How many bytes of metadata are kept of a peer, names included. 0 to 1 MiB, default 16 KiB.</summary>
    public int MaxMetadataPerPeer { get; set; } = 16 * 1024;

    /// <summary>How many bytes all that is no address may take: signed records, protocols, names of implementations, metadata. 64 KiB to 64 GiB, default 256 MiB; more is not kept.</summary>
    public long MaxDetails { get; set; } = 256L << 20;

    /// <summary>Whether what is known goes to the node's datastore, where there is one, and comes back with the next start. Default true.</summary>
    public bool Persist { get; set; } = true;

    /// <summary>How long a change waits for others before they are written together. 0 to 1 h, default 1 s.</summary>
    public TimeSpan WriteDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait after a write that failed, as on a full disk, before it is tried again. 100 ms to 1 day, default 30 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a peer without an address that lives is remembered from one start to the next. 0 to 3,650 days, default 7 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    internal void Validate(ImmutableArray<string>.Builder problems)
    {
        SwarmOptions.Range(problems, MaxAddressesPerPeer, 1, 10_000, "Peers:" + nameof(MaxAddressesPerPeer));
        SwarmOptions.Range(problems, MaxPeers, 1, 10_000_000, "Peers:" + nameof(MaxPeers));
        SwarmOptions.Range(problems, MaxUnconnectedAddresses, 1, 100_000_000, "Peers:" + nameof(MaxUnconnectedAddresses));
        SwarmOptions.Range(problems, MaxProtocolsPerPeer, 1, 65_536, "Peers:" + nameof(MaxProtocolsPerPeer));
        SwarmOptions.Range(problems, MaxMetadataPerPeer, 0, 1 << 20, "Peers:" + nameof(MaxMetadataPerPeer));
        SwarmOptions.Range(problems, MaxDetails, 64L << 10, 64L << 30, "Peers:" + nameof(MaxDetails));
        SwarmOptions.Range(problems, WriteDelay, TimeSpan.Zero, TimeSpan.FromHours(1), "Peers:" + nameof(WriteDelay));
        SwarmOptions.Range(problems, RetryDelay, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1), "Peers:" + nameof(RetryDelay));
        SwarmOptions.Range(problems, Retention, TimeSpan.Zero, TimeSpan.FromDays(3650), "Peers:" + nameof(Retention));
    }
}
