using Libp2p.Swarm.Resources.Eviction;

namespace Libp2p.Swarm.Resources;

/// <content>What users see: tags, protections, and the report.</content>
internal sealed partial class ResourceGovernor : IResourceGovernor
{
    /// <summary>What peers are worth.</summary>
    public PeerTags Tags { get; }

    /// <summary>Who closes connections; set once.</summary>
    public Evictor? Evictor { get; set; }

    /// <inheritdoc/>
    public bool Tag(PeerId peer, string tag, int value, TimeSpan? halfLife = null) => Tags.Tag(peer, tag, value, halfLife);

    /// <inheritdoc/>
    public bool Untag(PeerId peer, string tag) => Tags.Untag(peer, tag);

    /// <inheritdoc/>
    public bool Upsert(PeerId peer, string tag, Func<int, int> change) => Tags.Upsert(peer, tag, change);

    /// <inheritdoc/>
    public int ValueOf(PeerId peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return Tags.ValueOf(peer);
    }

    /// <inheritdoc/>
    public bool Protect(PeerId peer, string name) => Tags.Protect(peer, name);

    /// <inheritdoc/>
    public bool Unprotect(PeerId peer, string name) => Tags.Unprotect(peer, name);

    /// <inheritdoc/>
    public bool IsProtected(PeerId peer, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return Tags.IsProtected(peer, name);
    }

    /// <inheritdoc/>
    public ResourceReport Report(int peers = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(peers);
        return new ResourceReport
        {
            Pressure = Pressure,
            Node =
            [
                new ResourceUse("bytes", Reserved, _nodeLimits.Bytes, "Resources:Memory"),
                new ResourceUse("descriptors", Descriptors, _maxDescriptors, "Resources:Descriptors"),
                new ResourceUse("connections", Connections, _maxConnections, "Resources:MaxConnections"),
                new ResourceUse("streams", Streams, _options.MaxStreams, "Resources:MaxStreams"),
                new ResourceUse("transient bytes", Transient.Reserved, _options.EffectiveMemoryTransient, "Resources:MemoryTransient"),
                new ResourceUse("transient connections", TransientConnections, _maxConnections, "Resources:MaxConnections"),
            ],
            Peers =
            [
                .. Peers.Snapshot().OrderByDescending(static peer => peer.Scope.Reserved).Take(peers).Select(peer => new PeerUse(
                    peer.Scope.Id, peer.Scope.Reserved, peer.Connections, peer.Scope.Streams, Tags.ValueOf(peer.Scope.Id), Tags.ProtectionsOf(peer.Scope.Id))),
            ],
            Protocols = Protocols.Snapshot(),
            Refusals = Refusals.Snapshot(),
            Evicted = Evictor?.Evicted ?? 0,
            IdleClosed = Evictor?.IdleClosed ?? 0,
        };
    }
}
