using Libp2p.Multiformats;
using Libp2p.Swarm.Connections;
using Libp2p.Swarm.Dialing.Limits;
using Libp2p.Swarm.Peers;

namespace Libp2p.Swarm.Dialing;

/// <summary>Says why an address is not worth a try. Thread-safe.</summary>
internal sealed class AddressFilter(SwarmContext context, BackOffs backOffs, BlackHoles blackHoles, Func<Multiaddr, bool> isOwnAddress)
{
    /// <summary>Null: it is worth a try. A name is judged by what it leads to, but for the gates.</summary>
    public Libp2pException? Refuse(DialRequest request, DialTarget target, bool isName)
    {
        var address = target.Address;
        if (target.Peer == context.Identity.PeerId && target.Peer is not null) return new AddressException($"{address} is this node itself: it ends in its peer id.", address);
        if (!isName)
        {
            if (!TransportChoice.TryForDial(context.Roles.Current, address, out _)) return TransportChoice.None(context.Roles.Current, address, "dial");
            if (isOwnAddress(address)) return new AddressException($"{address} is an address of this node itself.", address);
        }

        if (RefuseRelayed(request, address) is { } relayed) return relayed;
        if (context.Gates.Refuse(GatePoint.DialAddress, ConnectionDirection.Outbound, target.Peer, null, address) is { } gated) return gated;
        if (isName) return null;
        if (!target.IsNamed && target.Peer is { } peer && backOffs.Holds(peer, address, out var failures, out var left))
        {
            return new TransportException($"it failed {(failures == 1 ? "once" : $"{failures} times")}, and is not tried again for {DialFailure.Seconds(left)}.", address);
        }

        return blackHoles.Refuse(address) is { } hole ? new TransportException(hole, address) : null;
    }

    private AddressException? RefuseRelayed(DialRequest request, Multiaddr address)
    {
        if (!AddressRules.IsRelayed(address)) return null;
        if (request.Manner.Need == ConnectionNeed.Direct) return new AddressException("it goes through a relay, and ConnectOptions.ForceDirect forbids that.", address);
        return request is { ForceNew: false, Expected: { } peer } && context.Connections.Best(peer, ConnectionNeed.Any) is { Limits: not null }
            ? new AddressException("it goes through a relay, and there is a limited connection already.", address)
            : null;
    }
}
