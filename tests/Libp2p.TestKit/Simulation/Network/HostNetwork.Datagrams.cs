using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Libp2p.TestKit;

/// <content>Datagrams and names.</content>
internal sealed partial class HostNetwork
{
    private readonly List<SimulatedDatagramSocket> _datagramSockets = [];

    public IDatagramNetworkSocket BindDatagram(IPEndPoint local, DatagramSocketOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(local);
        fabric.Loop.IsHere();
        options ??= new DatagramSocketOptions();
        if (!IsMine(local.Address)) throw new SocketException((int)SocketError.AddressNotAvailable);
        if (local.Port == 0) local = new IPEndPoint(local.Address, FreePort(port => !_datagramSockets.Exists(one => one.Local.Port == port)));
        if (_datagramSockets.Exists(other => Collide(other.Local, local) && !(other.Options.ShareAddress && options.ShareAddress))) throw new SocketException((int)SocketError.AddressAlreadyInUse);
        var socket = new SimulatedDatagramSocket(fabric, this, local, options);
        _datagramSockets.Add(socket);
        return socket;
    }

    public async ValueTask<ImmutableArray<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        if (IPAddress.TryParse(host, out var address)) return [address];
        var answer = (await AskAsync(host, cancellationToken).ConfigureAwait(false)).Addresses;
        fabric.Trace.At(TraceDetail.Connections)?.Add(new ResolvedEvent(Host.Name, host, answer));
        return answer;
    }

    public async ValueTask<ImmutableArray<string>> ResolveTextAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var answer = (await AskAsync(name, cancellationToken).ConfigureAwait(false)).Text;
        fabric.Trace.At(TraceDetail.Connections)?.Add(new ResolvedTextEvent(Host.Name, name, answer));
        return answer;
    }

    private async ValueTask<SimulatedDns.Records> AskAsync(string name, CancellationToken cancellationToken)
    {
        var dns = Host.Simulation.Dns;
        await Host.Runtime.DelayAsync(dns.IsSilent(name) ? dns.Timeout : dns.Latency, cancellationToken).ConfigureAwait(false);
        return dns.Find(name);
    }

    /// <summary>Who gets what is sent to an end point: one, or where they share it the last that bound it.</summary>
    public SimulatedDatagramSocket? FindDatagramSocket(IPEndPoint local) =>
        _datagramSockets.FindLast(one => one.Local.Equals(local)) ?? _datagramSockets.FindLast(one => Collide(one.Local, local));

    /// <summary>Who gets what is sent to a group.</summary>
    public IEnumerable<SimulatedDatagramSocket> FindMembers(IPAddress group, int port) => _datagramSockets.Where(one => one.Local.Port == port && one.IsIn(group));

    public void Remove(SimulatedDatagramSocket socket) => _datagramSockets.Remove(socket);

    /// <summary>What a datagram says it comes from.</summary>
    public IPEndPoint? SourceOf(SimulatedDatagramSocket socket, IPAddress remote)
    {
        if (!IsAny(socket.Local.Address)) return socket.Local;
        var address = IPAddress.IsLoopback(remote) || Host.Addresses.Contains(remote) ? remote : Host.Addresses.FirstOrDefault(own => own.AddressFamily == remote.AddressFamily);
        return address is null ? null : new IPEndPoint(address, socket.Local.Port);
    }
}
