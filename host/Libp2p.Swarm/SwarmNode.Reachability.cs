using System.Collections.Immutable;
using Libp2p.Multiformats;
using Libp2p.Swarm.Reachability;

namespace Libp2p.Swarm;

/// <content>How others reach this node, and what becomes of that when its network changes.</content>
public sealed partial class SwarmNode
{
    private readonly NetworkWatch _network;

    /// <inheritdoc/>
    public ImmutableArray<Multiaddr> ExternalAddresses => _context.Observed.External;

    /// <summary>Publishes an event to the subscribers of <see cref="Events"/>. <see cref="PeerIdentified"/> also tells the node where the peer sees it.</summary>
    public void Publish(NodeEvent nodeEvent)
    {
        if (nodeEvent is PeerIdentified told) _context.Observed.Observe(told.Connection, told.Info.ObservedAddress);
        _context.Events.Publish(nodeEvent);
    }

    private void OnNetworkChanged(NetworkChanged change)
    {
        // The first look tells of no change; what changed since the start shows in the listen addresses.
        if (change is { Added.IsEmpty: true, Removed.IsEmpty: true, Slept: false })
        {
            _listeners.Refresh();
            return;
        }

        _context.Logger.NetworkChanged(string.Join(", ", change.Added), string.Join(", ", change.Removed), change.Slept);
        _dialer.NetworkChanged();
        _listeners.Refresh();
        _context.Events.Publish(change);
        foreach (var connection in _context.Connections.Snapshot())
        {
            // Nothing arrives at an address that is gone: who waits learns it now, and not when a keepalive is missed.
            if (connection.Local.TryGetIPEndPoint(out var local) && change.Removed.Contains(local.Address)) connection.Abort(ConnectionErrorCode.None);
        }
    }
}
