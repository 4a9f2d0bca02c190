using System.Net;
using System.Net.Sockets;

namespace Libp2p.TestKit;

/// <summary>What is between the hosts: who has which address, what each pair's link does, what is cut off from what.</summary>
internal sealed partial class Fabric(EventLoop loop, SimulationTrace trace, SimulationOptions options, int seed)
{
    private readonly Dictionary<(SimulatedHost From, SimulatedHost To), NetworkPath> _paths = [];
    private readonly List<Partition> _partitions = [];

    public EventLoop Loop => loop;

    public SimulationTrace Trace => trace;

    public SimulationOptions Options => options;

    public LinkOptions Links { get; set; } = options.Links;

    public List<Partition> Partitions => _partitions;

    public NetworkPath PathOf(SimulatedHost from, SimulatedHost to)
    {
        if (!_paths.TryGetValue((from, to), out var path))
        {
            path = new NetworkPath(loop, from, to, () => Links, new HostRandom(null, seed, $"path {from.Name}>{to.Name}"));
            _paths.Add((from, to), path);
        }

        return path;
    }

    /// <summary>Whether anything comes through now.</summary>
    public bool IsOpen(NetworkPath path) => !path.IsDown && path.To.Answers && Barrier(path) is null;

    private Partition? Barrier(NetworkPath path)
    {
        foreach (var partition in _partitions)
        {
            if (partition.Separates(path.From, path.To)) return partition;
        }

        return null;
    }

    /// <summary>Sends the first packet of a connection.</summary>
    public void Connect(ConnectAttempt attempt)
    {
        var from = attempt.Network.Host;
        if (attempt.Remote is not IPEndPoint remote)
        {
            Send(PathOf(from, from), () => Arrive(attempt, new Arrival(from, attempt.Remote, attempt.Local)));
            return;
        }

        var departure = Depart("tcp", from, (IPEndPoint)attempt.Local, remote);
        if (departure.Failure is { } failure)
        {
            attempt.Fail(failure);
            return;
        }

        var near = departure.Near is { } host ? PathOf(from, host) : null;
        if (near is not null && near.Random.Chance(near.Options.Loss)) return;
        loop.Set(new Packet(() =>
        {
            if (Land("tcp", departure) is { } arrival) Arrive(attempt, arrival);
        }), near?.Travel(60) ?? loop.Now + Links.Latency.Ticks);
    }

    private void Arrive(ConnectAttempt attempt, Arrival arrival)
    {
        if (attempt.IsOver) return;
        var there = PathOf(attempt.Network.Host, arrival.Host);
        var back = PathOf(arrival.Host, attempt.Network.Host);
        if (Barrier(there) is { } barrier)
        {
            if (barrier.Kind == PartitionKind.Unreachable) Send(back, () => attempt.Fail(SocketError.HostUnreachable), anyway: true);
            return;
        }

        if (!IsOpen(there)) return;
        var network = arrival.Host.Network;
        if (!arrival.Host.IsUp || arrival.IsRejected)
        {
            Send(back, () => attempt.Fail(SocketError.ConnectionRefused));
        }
        else if (network.FindAttempt(arrival.Local, arrival.Remote) is { IsOver: false } mirrored)
        {
            // Both ends dialed each other from the ports they dialed: each packet is the other's answer.
            if (mirrored == attempt) return;
            var (mine, theirs) = SimulatedStreamSocket.Connect(this, attempt.Network, attempt.Local, attempt.Remote, network, mirrored.Local, mirrored.Remote);
            mirrored.Succeed(theirs);
            attempt.Succeed(mine);
        }
        else if (network.FindListener(arrival.Local) is { } listener)
        {
            if (listener.HasRoom) Send(back, () => Answered(attempt, arrival, network, listener));
        }
        else
        {
            Send(back, () => attempt.Fail(SocketError.ConnectionRefused));
        }
    }

    private void Answered(ConnectAttempt attempt, Arrival arrival, HostNetwork network, SimulatedListener listener)
    {
        if (attempt.IsOver || !network.Life.IsAlive) return;
        var (mine, _) = SimulatedStreamSocket.Connect(this, attempt.Network, attempt.Local, attempt.Remote, network, arrival.Local, arrival.Remote);
        attempt.Succeed(mine);
        mine.Establish(listener);
    }

    /// <summary>A packet that nobody keeps: lost, or there after the latency.</summary>
    private void Send(NetworkPath path, Action arrive, bool anyway = false)
    {
        if (path.Random.Chance(path.Options.Loss)) return;
        loop.Set(new Packet(() =>
        {
            if (anyway || IsOpen(path)) arrive();
        }), path.Travel(60));
    }

    private sealed class Packet(Action arrive) : LoopEntry(null)
    {
        public override void Run() => arrive();
    }
}
