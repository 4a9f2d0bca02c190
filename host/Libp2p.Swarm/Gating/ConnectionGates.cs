using Libp2p.Multiformats;
using Libp2p.Swarm.Roles;
using Microsoft.Extensions.Logging;

namespace Libp2p.Swarm.Gating;

/// <summary>Asks the lists of the options, then the gaters among the roles, whether a connection may go on. Thread-safe.</summary>
internal sealed class ConnectionGates(GatingOptions options, RoleRegistry roles, ILogger logger)
{
    private readonly GateRules _block = new(options.Block);
    private readonly GateRules _allow = new(options.Allow);

    /// <summary>The error of what must not go on; null: it may.</summary>
    public ConnectionGatedException? Refuse(GatePoint point, ConnectionDirection direction, PeerId? peer, Multiaddr? local, Multiaddr? remote)
    {
        var gaters = roles.Current.Gaters;
        if (Refuse(peer, remote) is { } why) return new ConnectionGatedException(point, why, remote);
        if (gaters.IsEmpty) return null;
        var request = new GateRequest(point, direction, peer, local, remote?.WithoutPeerId() ?? remote);
        foreach (var gater in gaters)
        {
            if (Ask(gater, request) is { } refusal) return new ConnectionGatedException(point, refusal, remote);
        }

        return null;
    }

    private string? Refuse(PeerId? peer, Multiaddr? remote)
    {
        if (peer is not null)
        {
            if (_block.Has(peer)) return $"{peer} is blocked (Gating:Block).";
            if (_allow.NamesPeers && !_allow.Has(peer)) return $"{peer} is none of the peers allowed (Gating:Allow).";
        }

        if (remote is null) return null;
        if (_block.Has(remote)) return $"{remote} is blocked (Gating:Block).";

        // What a name leads to is known only once it is resolved, and is asked for then.
        return _allow.NamesAddresses && !remote.IsResolvable && !_allow.Has(remote) ? $"{remote} is none of the addresses allowed (Gating:Allow)." : null;
    }

    private string? Ask(Registration gater, GateRequest request)
    {
        try
        {
            return gater.As<IConnectionGater>().Refuse(request) is { } why ? $"{gater.Name}: {why}" : null;
        }
        catch (Exception cause)
        {
            logger.GaterFailed(cause, gater.Name);
            return $"{gater.Name} failed: {cause.Message}";
        }
    }
}
