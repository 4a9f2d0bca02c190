using System.Net;
using System.Net.Sockets;
using System.Text;
using Libp2p.Multiformats;

namespace Libp2p.Transports.Tcp;

/// <summary>Between multiaddrs and IP end points: <c>/ip4|ip6/.../tcp/N</c>, with <c>/ip6zone</c> before a scoped <c>/ip6</c>. Nothing may follow.</summary>
internal static class TcpAddress
{
    /// <summary>Whether the address is one of this transport: by its protocols alone, so that a zone unknown here still says what is wrong when it is used.</summary>
    public static bool Fits(Multiaddr address)
    {
        var step = 0;
        foreach (var component in address.Components)
        {
            step = (step, component.Protocol.Code) switch
            {
                (0, MultiaddrProtocol.Codes.Ip6zone) => 1,
                (0, MultiaddrProtocol.Codes.Ip4) => 2,
                (0 or 1, MultiaddrProtocol.Codes.Ip6) => 2,
                (2, MultiaddrProtocol.Codes.Tcp) => 3,
                _ => -1,
            };
            if (step < 0)
            {
                return false;
            }
        }

        return step == 3;
    }

    /// <summary>The end point of an address.</summary>
    /// <exception cref="AddressException">Not an address of this transport, or of a network interface that is not here.</exception>
    public static IPEndPoint ToEndPoint(Multiaddr address)
    {
        if (!Fits(address))
        {
            throw new AddressException($"{address} is not a TCP address: use /ip4/ADDRESS/tcp/PORT or /ip6/ADDRESS/tcp/PORT, without anything after it.", address);
        }

        if (address.TryGetIPEndPoint(out var endPoint))
        {
            return endPoint;
        }

        // The zone is the name of an interface.
        _ = address.TryGet(MultiaddrProtocol.Ip6zone, out var zone);
        _ = address.TryGet(MultiaddrProtocol.Ip6, out var host);
        _ = address.TryGet(MultiaddrProtocol.Tcp, out var port);
        var name = Encoding.UTF8.GetString(zone.Value);
        return IPAddress.TryParse($"{host.Text}%{name}", out var scoped) && scoped.ScopeId != 0
            ? new IPEndPoint(scoped, (port.Value[0] << 8) | port.Value[1])
            : throw new AddressException($"{address}: this machine has no network interface '{name}'. Use the name or number that `ip link` shows.", address);
    }

    /// <summary>The address of an end point of a socket.</summary>
    public static Multiaddr FromEndPoint(EndPoint endPoint) => endPoint is IPEndPoint ip
        ? Multiaddr.FromEndPoint(ip)
        : throw new NotSupportedException($"The network gave the end point {endPoint}, which is not IP.");

    /// <summary>The address of a bound listener: as it was asked for, with the port filled in.</summary>
    public static Multiaddr Bound(Multiaddr asked, EndPoint bound) =>
        bound is IPEndPoint { Port: var port } && asked.Decapsulate(MultiaddrProtocol.Tcp) is { } host
            ? host.Append(MultiaddrProtocol.Tcp, [(byte)(port >> 8), (byte)port])
            : FromEndPoint(bound);

    /// <summary>Whether a dial to the remote can leave from the end point of a listener: same family; loopback stays on loopback.</summary>
    public static bool CanLeaveFrom(IPEndPoint listener, IPEndPoint remote)
    {
        if (listener.AddressFamily != remote.AddressFamily || listener.Equals(remote))
        {
            return false;
        }

        var any = listener.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        return listener.Address.Equals(any) || (IPAddress.IsLoopback(listener.Address) && IPAddress.IsLoopback(remote.Address));
    }
}
