using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Libp2p.TestKit;

/// <summary>The network as one host sees it in one of its lives.</summary>
internal sealed partial class HostNetwork(Fabric fabric, SimulatedHost host, Life life) : INetwork
{
    private const int FirstEphemeral = 49152;
    private const int LastEphemeral = 65535;

    private readonly List<SimulatedListener> _listeners = [];
    private readonly Dictionary<(EndPoint Local, EndPoint Remote), SimulatedStreamSocket> _sockets = [];
    private readonly Dictionary<(EndPoint Local, EndPoint Remote), ConnectAttempt> _attempts = [];
    private int _nextPort = FirstEphemeral;

    public SimulatedHost Host => host;

    public Life Life => life;

    /// <summary>What its sockets wait for.</summary>
    public IEnumerable<string> Waits =>
        _listeners.Select(static one => one.Waits).Concat(_sockets.Values.Select(static one => one.Waits)).Concat(_attempts.Values.Select(static one => one.Waits))
            .Concat(_datagramSockets.Select(static one => one.Waits)).OfType<string>();

    public ImmutableArray<SimulatedStreamSocket> Sockets => [.. _sockets.Values];

    public ImmutableArray<IPAddress> GetLocalAddresses()
    {
        fabric.Loop.IsHere();
        return [IPAddress.Loopback, .. host.Addresses];
    }

    public ValueTask<IStreamSocket> ConnectAsync(EndPoint remote, EndPoint? local = null, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<IStreamSocket>(cancellationToken);
        fabric.Loop.IsHere();
        try
        {
            var from = remote switch
            {
                IPEndPoint ip => LocalFor(ip, local),
                UnixDomainSocketEndPoint => remote,
                _ => throw new ArgumentException($"{remote} is neither an IP nor a Unix domain socket end point: resolve names first.", nameof(remote)),
            };
            return new ConnectAttempt(fabric, this, from, remote).RunAsync(cancellationToken);
        }
        catch (SocketException failure)
        {
            return ValueTask.FromException<IStreamSocket>(failure);
        }
    }

    public IStreamSocketListener Listen(EndPoint local, int backlog)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(backlog, 1);
        fabric.Loop.IsHere();
        if (local is IPEndPoint ip)
        {
            if (!IsMine(ip.Address)) throw new SocketException((int)SocketError.AddressNotAvailable);
            if (ip.Port == 0) local = new IPEndPoint(ip.Address, FreePort(ip.Address));
        }
        else if (local is not UnixDomainSocketEndPoint)
        {
            throw new ArgumentException($"{local} is neither an IP nor a Unix domain socket end point: resolve names first.", nameof(local));
        }

        if (_listeners.Exists(other => Collide(other.Local, local))) throw new SocketException((int)SocketError.AddressAlreadyInUse);
        var listener = new SimulatedListener(fabric, this, local, backlog);
        _listeners.Add(listener);
        return listener;
    }

    public SimulatedListener? FindListener(EndPoint local) =>
        _listeners.Find(one => one.Local.Equals(local)) ?? _listeners.Find(one => one.Local is IPEndPoint mine && local is IPEndPoint asked &&
            mine.Port == asked.Port && mine.AddressFamily == asked.AddressFamily && IsAny(mine.Address));

    public ConnectAttempt? FindAttempt(EndPoint local, EndPoint remote) => _attempts.GetValueOrDefault((local, remote));

    public void Add(SimulatedStreamSocket socket) => _sockets[(socket.Local, socket.Remote)] = socket;

    public void Add(ConnectAttempt attempt)
    {
        if (attempt.Local is IPEndPoint) _attempts[(attempt.Local, attempt.Remote)] = attempt;
    }

    /// <summary>The process is gone, its system is not: it tells the remotes.</summary>
    public void ResetAll()
    {
        foreach (var socket in Sockets) socket.ResetByCrash();
    }

    public void Remove(SimulatedListener listener) => _listeners.Remove(listener);

    public void Remove(SimulatedStreamSocket socket)
    {
        if (_sockets.GetValueOrDefault((socket.Local, socket.Remote)) == socket) _sockets.Remove((socket.Local, socket.Remote));
    }

    public void Remove(ConnectAttempt attempt)
    {
        if (FindAttempt(attempt.Local, attempt.Remote) == attempt) _attempts.Remove((attempt.Local, attempt.Remote));
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>A wildcard takes the port of every address of its family, and of no other.</summary>
    private static bool Collide(EndPoint one, EndPoint other) => one is IPEndPoint a && other is IPEndPoint b
        ? a.Port == b.Port && a.AddressFamily == b.AddressFamily && (IsAny(a.Address) || IsAny(b.Address) || a.Address.Equals(b.Address))
        : one.Equals(other);

    public bool IsMine(IPAddress address) => IsAny(address) || IPAddress.IsLoopback(address) || host.Addresses.Contains(address);

    private IPEndPoint LocalFor(IPEndPoint remote, EndPoint? asked)
    {
        var home = asked as IPEndPoint ?? new IPEndPoint(IPAddress.Any, 0);
        var address = !IsAny(home.Address) ? home.Address
            : IPAddress.IsLoopback(remote.Address) ? remote.Address
            : host.Addresses.FirstOrDefault(own => own.AddressFamily == remote.AddressFamily) ?? throw new SocketException((int)SocketError.NetworkUnreachable);
        if (!IsMine(address)) throw new SocketException((int)SocketError.AddressNotAvailable);
        if (IPAddress.IsLoopback(address) != IPAddress.IsLoopback(remote.Address) && !host.Addresses.Contains(remote.Address)) throw new SocketException((int)SocketError.NetworkUnreachable);
        var local = new IPEndPoint(address, home.Port != 0 ? home.Port : FreePort(address));
        if (_sockets.ContainsKey((local, remote)) || _attempts.ContainsKey((local, remote))) throw new SocketException((int)SocketError.AddressNotAvailable);
        return local;
    }

    private bool IsUsed(int port) => _sockets.Keys.Concat(_attempts.Keys).Any(one => one.Local is IPEndPoint local && local.Port == port);

    private int FreePort(IPAddress address) => FreePort(port =>
    {
        var candidate = new IPEndPoint(address, port);
        return !_listeners.Exists(one => Collide(one.Local, candidate)) && !IsUsed(port);
    });

    private int FreePort(Func<int, bool> isFree)
    {
        for (var tried = FirstEphemeral; tried <= LastEphemeral; tried++)
        {
            var port = _nextPort;
            _nextPort = port == LastEphemeral ? FirstEphemeral : port + 1;
            if (isFree(port)) return port;
        }

        throw new SocketException((int)SocketError.AddressAlreadyInUse);
    }
}
