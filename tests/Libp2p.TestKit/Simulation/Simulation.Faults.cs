using System.Net.Sockets;

namespace Libp2p.TestKit;

/// <content>Making the network worse.</content>
public sealed partial class Simulation
{
    /// <summary>Says what the link between two hosts does, both ways, from now on; null: what <see cref="Links"/> says.</summary>
    public void SetLink(SimulatedHost one, SimulatedHost other, LinkOptions? options)
    {
        SetPath(one, other, options);
        SetPath(other, one, options);
    }

    /// <summary>Says what happens on the way from one host to another, from now on; null: what <see cref="Links"/> says.</summary>
    public void SetPath(SimulatedHost from, SimulatedHost to, LinkOptions? options)
    {
        Loop.IsHere();
        Fabric.PathOf(from, to).Own = options;
        Trace.Add(new FaultEvent($"path {from.Name}>{to.Name} {options?.Describe() ?? "as all"}"));
    }

    /// <summary>Cuts hosts off from all others, not from each other, until what is returned is disposed. Partitions may overlap.</summary>
    public IDisposable Partition(IEnumerable<SimulatedHost> hosts, PartitionKind kind = PartitionKind.Silent)
    {
        Loop.IsHere();
        var partition = new Partition(Fabric, [.. hosts], kind);
        Fabric.Partitions.Add(partition);
        Trace.Add(new FaultEvent($"partition {kind} {partition}"));
        return partition;
    }

    /// <summary>Lets the way from one host to another carry nothing, or again everything; the way back is another.</summary>
    public void SetDown(SimulatedHost from, SimulatedHost to, bool isDown)
    {
        Loop.IsHere();
        Fabric.PathOf(from, to).IsDown = isDown;
        Trace.Add(new FaultEvent($"path {from.Name}>{to.Name} {(isDown ? "down" : "up")}"));
    }

    /// <summary>Breaks every connection between two hosts: both ends see a reset at once. New ones can be made.</summary>
    public void Cut(SimulatedHost one, SimulatedHost other)
    {
        Loop.IsHere();
        Trace.Add(new FaultEvent($"cut {one.Name} {other.Name}"));
        foreach (var socket in one.Network.Sockets)
        {
            if (socket.Peer.Host != other) continue;
            socket.Peer.Break(SocketError.ConnectionReset);
            socket.Break(SocketError.ConnectionReset);
        }
    }
}
