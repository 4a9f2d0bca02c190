using System.Net;
using System.Net.Sockets;

namespace Libp2p.TestKit;

/// <content>Datagrams: each for itself, any of them lost, late, twice.</content>
internal sealed partial class Fabric
{
    public static bool IsGroup(IPAddress address) => address.IsIPv6Multicast || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes()[0] is >= 224 and < 240);

    public SocketError Send(SimulatedDatagramSocket socket, ReadOnlyMemory<byte> bytes, IPEndPoint remote)
    {
        var host = socket.Network.Host;
        if (socket.Network.SourceOf(socket, remote.Address) is not { } source) return SocketError.NetworkUnreachable;
        if (IsGroup(remote.Address)) return SendToGroup(socket, source, bytes, remote);

        var departure = Depart("udp", host, source, remote);
        if (departure.Failure is { } failure) return failure;
        Tell(host, source, remote, PacketFate.Sent, bytes, "");
        if (departure.Near is null && departure.Realm is null) return SocketError.Success;
        Travel(departure.Near is { } near ? PathOf(host, near) : null, host, source, remote, bytes, () =>
        {
            if (Land("udp", departure) is { IsRejected: false } arrival) Deliver(host, arrival.Host, (IPEndPoint)arrival.Local, (IPEndPoint)arrival.Remote, bytes);
        });
        return SocketError.Success;
    }

    /// <summary>To all who joined, in the network behind the sender's gateway.</summary>
    private SocketError SendToGroup(SimulatedDatagramSocket socket, IPEndPoint source, ReadOnlyMemory<byte> bytes, IPEndPoint group)
    {
        var host = socket.Network.Host;
        Tell(host, source, group, PacketFate.Sent, bytes, "");
        if (host.Realm.Exit is null)
        {
            // Multicast does not cross the internet: a host there is alone with itself.
            if (socket.Options.MulticastLoopback) Travel(PathOf(host, host), host, source, group, bytes, () => DeliverToGroup(host, host, source, group, bytes));
            return SocketError.Success;
        }

        foreach (var member in host.Realm.Hosts)
        {
            if (member == host && !socket.Options.MulticastLoopback) continue;
            Travel(PathOf(host, member), host, source, group, bytes, () => DeliverToGroup(host, member, source, group, bytes));
        }

        return SocketError.Success;
    }

    private void Travel(NetworkPath? path, SimulatedHost from, IPEndPoint source, IPEndPoint remote, ReadOnlyMemory<byte> bytes, Action arrive)
    {
        if (path is null)
        {
            // To a gateway that knows no host for it yet; by the time it comes it may.
            loop.Set(new Packet(arrive), loop.Now + Links.Latency.Ticks);
            return;
        }

        var link = path.Options;
        if (bytes.Length > link.DatagramSize || path.Random.Chance(link.Loss))
        {
            Tell(from, source, remote, PacketFate.Lost, bytes, bytes.Length > link.DatagramSize ? "too large" : "");
            return;
        }

        var copies = path.Random.Chance(link.Duplication) ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            var arrival = path.TravelInOrder(bytes.Length + 28);
            if (path.Random.Chance(link.Reordering)) arrival += (long)(path.Random.Fraction() * link.ReorderingDelay.Ticks);
            loop.Set(new Packet(arrive), arrival);
        }
    }

    private void DeliverToGroup(SimulatedHost from, SimulatedHost to, IPEndPoint source, IPEndPoint group, ReadOnlyMemory<byte> bytes)
    {
        if (!to.IsUp || !IsOpen(PathOf(from, to))) return;
        foreach (var member in to.Network.FindMembers(group.Address, group.Port).ToArray()) Hand(to, member, source, group, bytes);
    }

    private void Deliver(SimulatedHost from, SimulatedHost to, IPEndPoint local, IPEndPoint remote, ReadOnlyMemory<byte> bytes)
    {
        if (!to.IsUp || !IsOpen(PathOf(from, to)))
        {
            Tell(from, remote, local, PacketFate.Lost, bytes, "cut off");
        }
        else if (to.Network.FindDatagramSocket(local) is { } socket)
        {
            Hand(to, socket, remote, local, bytes);
        }
        else
        {
            Tell(to, remote, local, PacketFate.Lost, bytes, "nobody there");
        }
    }

    private void Hand(SimulatedHost to, SimulatedDatagramSocket socket, IPEndPoint remote, IPEndPoint local, ReadOnlyMemory<byte> bytes)
    {
        var isTaken = socket.TryTake(bytes, remote);
        Tell(to, remote, local, isTaken ? PacketFate.Received : PacketFate.Lost, bytes, isTaken ? "" : "no room");
    }

    private void Tell(SimulatedHost host, IPEndPoint from, IPEndPoint to, PacketFate fate, ReadOnlyMemory<byte> bytes, string detail) =>
        trace.At(TraceDetail.Packets)?.Add(new PacketEvent(host.Name, "udp", from, to, fate, bytes.Length, PacketEvent.Sum(bytes.Span), detail));
}
