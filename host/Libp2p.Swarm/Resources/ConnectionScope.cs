using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Libp2p.Swarm.Resources;

/// <summary>The scope of one connection and its streams: transient until its peer is known, then the peer's. Disposing returns its place, its descriptors and its bytes.</summary>
internal sealed class ConnectionScope(ResourceGovernor governor, ScopeLimits limits, ConnectionDirection direction, int descriptors, IPAddress? from)
    : ResourceScope("connection", governor.Transient, limits)
{
    private PeerScope? _peer;

    /// <summary>Who opened the connection.</summary>
    public ConnectionDirection Direction => direction;

    /// <summary>The descriptors that it holds.</summary>
    public int Descriptors => descriptors;

    /// <summary>The address by whose network it is counted; null: by none.</summary>
    public IPAddress? From => from;

    /// <summary>Its peer, once that is known.</summary>
    public PeerScope? Peer => Volatile.Read(ref _peer);

    /// <summary>Admits the connection among those of its peer.</summary>
    public bool TryAssign(PeerId peer, [NotNullWhen(false)] out ResourceDenial? why)
    {
        if (!governor.Peers.TryEnter(peer, direction, out var scope, out why)) return false;
        if (!TrySettle(scope, direction, out why))
        {
            governor.Peers.Leave(scope);
            return false;
        }

        Volatile.Write(ref _peer, scope);
        governor.Assigned();
        return true;
    }

    /// <summary>Admits a stream to connection, peer and node.</summary>
    public bool TryAdmitStream(ConnectionDirection opener, [NotNullWhen(false)] out ResourceDenial? why) => TryHoldStream(opener, out why);

    public void ReturnStreams(int count) => ReturnStreamsHeld(count);

    /// <summary>The scope of one stream, for those protocols that account memory.</summary>
    public ResourceScope ForStream(ProtocolScope? protocol = null) => new("stream", this, governor.StreamLimits, protocol);

    protected override void OnDisposed()
    {
        if (Peer is { } peer) governor.Peers.Leave(peer);
        governor.Return(this);
    }
}
