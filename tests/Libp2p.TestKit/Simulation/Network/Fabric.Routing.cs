using System.Net;
using System.Net.Sockets;

namespace Libp2p.TestKit;

/// <content>The way of a packet through gateways: out of those of the sender when it leaves, into those of the receiver when it comes.</content>
internal sealed partial class Fabric
{
    /// <summary>The internet.</summary>
    public Realm Internet { get; } = new(null);

    private Departure Depart(string protocol, SimulatedHost from, IPEndPoint source, IPEndPoint destination)
    {
        if (IPAddress.IsLoopback(destination.Address) || from.Addresses.Contains(destination.Address)) return new Departure(null, source, destination) { Near = from };
        if (from.Firewall is { } firewall && !firewall.Leaves(protocol, source, destination, loop.Now)) return new Departure(null, source, destination) { Failure = SocketError.AccessDenied };
        SimulatedGateway? passed = null;
        for (var realm = from.Realm; ; realm = passed.Outside)
        {
            if (realm.Find(destination.Address) is { } owner)
            {
                var isHairpin = owner == passed;
                return isHairpin && !passed!.Hairpin ? default : new Departure(realm, source, destination) { Near = Candidate(protocol, owner, destination) };
            }

            // On the internet nobody has that address: nothing comes back.
            if (realm.Exit is null) return new Departure(realm, source, destination);
            passed = realm.Exit;
            source = passed.Leaves(protocol, source, destination, loop.Now);
        }
    }

    /// <summary>Who would get a packet, as far as it can be known before it is there; null: nobody.</summary>
    private static SimulatedHost? Candidate(string protocol, object owner, IPEndPoint destination)
    {
        while (owner is SimulatedGateway gateway)
        {
            if (gateway.Target(protocol, destination.Port) is not { } inside || gateway.Inside.Find(inside.Address) is not { } next) return null;
            owner = next;
            destination = inside;
        }

        return (SimulatedHost)owner;
    }

    private Arrival? Land(string protocol, Departure packet)
    {
        var destination = packet.Destination;
        if (packet.Realm is not { } realm) return packet.Near is { } self ? new Arrival(self, destination, packet.Source) : null;
        while (true)
        {
            switch (realm.Find(destination.Address))
            {
                case SimulatedHost host:
                    // Firewalls leave their hosts their addresses: they are seen from outside, through each of them.
                    for (var inner = host.Realm; inner != realm && inner.Exit is { } wall; inner = wall.Outside)
                    {
                        if (!wall.Comes(protocol, destination, packet.Source, loop.Now)) return null;
                    }

                    var verdict = host.Firewall?.Comes(protocol, destination, packet.Source, loop.Now) ?? FirewallAction.Admit;
                    return verdict == FirewallAction.Drop ? null : new Arrival(host, destination, packet.Source) { IsRejected = verdict == FirewallAction.Reject };
                case SimulatedGateway gateway:
                    if (!gateway.Comes(protocol, destination, packet.Source, loop.Now) || gateway.Target(protocol, destination.Port) is not { } inside) return null;
                    destination = inside;
                    realm = gateway.Inside;
                    break;
                default:
                    return null;
            }
        }
    }

    /// <summary>A packet that has left its sender's gateways.</summary>
    private readonly record struct Departure(Realm? Realm, IPEndPoint Source, IPEndPoint Destination)
    {
        public SimulatedHost? Near { get; init; }

        public SocketError? Failure { get; init; }
    }

    /// <summary>A packet at the host it came to, with its ends as that host sees them.</summary>
    private sealed record Arrival(SimulatedHost Host, EndPoint Local, EndPoint Remote)
    {
        public bool IsRejected { get; init; }
    }
}
