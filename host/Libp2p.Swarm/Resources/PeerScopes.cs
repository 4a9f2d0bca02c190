using System.Diagnostics.CodeAnalysis;

namespace Libp2p.Swarm.Resources;

/// <summary>What one peer holds over all its connections.</summary>
internal sealed class PeerScope(PeerId peer, ResourceScope node, ScopeLimits limits) : ResourceScope($"peer {peer}", node, limits)
{
    public PeerId Id => peer;

    /// <summary>Guarded by the lock of <see cref="PeerScopes"/>.</summary>
    public int Connections { get; set; }
}

/// <summary>The scopes of the peers that have connections. Thread-safe; as many as there are connections at most.</summary>
internal sealed class PeerScopes(ResourceGovernor governor, ResourceScope node, ScopeLimits limits, int connections)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, PeerScope> _peers = []; // guarded by _gate

    /// <summary>Admits a connection among those of its peer; <see cref="Leave"/> takes it out.</summary>
    public bool TryEnter(PeerId peer, ConnectionDirection direction, [NotNullWhen(true)] out PeerScope? scope, [NotNullWhen(false)] out ResourceDenial? why)
    {
        lock (_gate)
        {
            if (!_peers.TryGetValue(peer, out scope)) _peers[peer] = scope = new PeerScope(peer, node, limits);
            if (scope.Connections < connections)
            {
                scope.Connections++;
                why = null;
                return true;
            }
        }

        why = governor.Refusals.Add(new ResourceDenial(scope.Name, 1, connections, connections, "Resources:MaxConnectionsPerPeer", "connections") { Direction = direction });
        scope = null;
        return false;
    }

    public void Leave(PeerScope scope)
    {
        lock (_gate)
        {
            if (--scope.Connections == 0) _peers.Remove(scope.Id);
        }
    }

    public (PeerScope Scope, int Connections)[] Snapshot()
    {
        lock (_gate) return [.. _peers.Values.Select(static scope => (scope, scope.Connections))];
    }
}
