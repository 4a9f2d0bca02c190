using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Libp2p.Multiformats;

public sealed partial class Multiaddr
{
    /// <summary>
    /// The IP endpoint that the address starts with: <c>/ip4</c> or <c>/ip6</c> (after <c>/ip6zone</c> perhaps), then <c>/tcp</c> or <c>/udp</c>.
    /// False for any other start, and for a zone that is no number: names of interfaces are the operating system's to resolve.
    /// </summary>
    public bool TryGetIPEndPoint([NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        endPoint = null;
        var scope = 0L;
        IPAddress? address = null;
        foreach (var component in Components)
        {
            switch (component.Protocol.Code)
            {
                case MultiaddrProtocol.Codes.Ip6zone when address is null && scope == 0:
                    if (!uint.TryParse(component.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var zone))
                    {
                        return false;
                    }

                    scope = zone;
                    break;
                case MultiaddrProtocol.Codes.Ip4 when address is null && scope == 0:
                    address = new IPAddress(component.Value);
                    break;
                case MultiaddrProtocol.Codes.Ip6 when address is null:
                    address = new IPAddress(component.Value, scope);
                    break;
                case MultiaddrProtocol.Codes.Tcp or MultiaddrProtocol.Codes.Udp when address is not null:
                    endPoint = new IPEndPoint(address, BinaryPrimitives.ReadUInt16BigEndian(component.Value));
                    return true;
                default:
                    return false;
            }
        }

        return false;
    }

    /// <summary>
    /// The endpoint that the address starts with, as sockets take it: of an IP address (<see cref="TryGetIPEndPoint"/>), of a name with <c>tcp</c> or <c>udp</c> behind it, or of a path
    /// (<c>/unix</c>).
    /// </summary>
    /// <exception cref="MultiformatException">The address starts otherwise.</exception>
    public EndPoint ToEndPoint()
    {
        if (TryGetIPEndPoint(out var ip))
        {
            return ip;
        }

        string? name = null;
        var family = AddressFamily.Unspecified;
        foreach (var component in Components)
        {
            switch (component.Protocol.Code)
            {
                case MultiaddrProtocol.Codes.Unix when name is null:
                    return new UnixDomainSocketEndPoint(component.Text);
                case MultiaddrProtocol.Codes.Dns or MultiaddrProtocol.Codes.Dns4 or MultiaddrProtocol.Codes.Dns6 when name is null:
                    name = component.Text;
                    family = component.Protocol.Code switch
                    {
                        MultiaddrProtocol.Codes.Dns4 => AddressFamily.InterNetwork,
                        MultiaddrProtocol.Codes.Dns6 => AddressFamily.InterNetworkV6,
                        _ => AddressFamily.Unspecified,
                    };
                    continue;
                case MultiaddrProtocol.Codes.Tcp or MultiaddrProtocol.Codes.Udp when name is not null:
                    return new DnsEndPoint(name, BinaryPrimitives.ReadUInt16BigEndian(component.Value), family);
            }

            break;
        }

        throw new MultiformatException($"multiaddr '{Excerpt(ToString())}' does not start with an endpoint");
    }

    /// <summary>The address of an IP endpoint over TCP: <c>/ip4/127.0.0.1/tcp/4001</c>.</summary>
    public static Multiaddr FromEndPoint(IPEndPoint endPoint) => FromEndPoint(endPoint, MultiaddrProtocol.Tcp);

    /// <summary>The address of an IP endpoint: <c>/ip4/127.0.0.1/udp/4001</c>. A scope id becomes <c>/ip6zone</c>.</summary>
    /// <exception cref="ArgumentException"><paramref name="transport"/> is neither <c>tcp</c> nor <c>udp</c>.</exception>
    public static Multiaddr FromEndPoint(IPEndPoint endPoint, MultiaddrProtocol transport)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        if (transport != MultiaddrProtocol.Tcp && transport != MultiaddrProtocol.Udp)
        {
            throw new ArgumentException($"An endpoint is of tcp or udp, not '{transport}'.", nameof(transport));
        }

        Span<byte> value = stackalloc byte[16];
        var output = new ValueBuffer<byte>(stackalloc byte[64]);
        var address = endPoint.Address;
        _ = address.TryWriteBytes(value, out var length);
        if (length == 16 && address.ScopeId != 0)
        {
            _ = AppendComponent(MultiaddrProtocol.Ip6zone, Encoding.UTF8.GetBytes(address.ScopeId.ToString(CultureInfo.InvariantCulture)), ref output);
        }

        _ = AppendComponent(length == 4 ? MultiaddrProtocol.Ip4 : MultiaddrProtocol.Ip6, value[..length], ref output);
        BinaryPrimitives.WriteUInt16BigEndian(value, (ushort)endPoint.Port);
        _ = AppendComponent(transport, value[..2], ref output);
        var result = new Multiaddr(output.Written);
        output.Dispose();
        return result;
    }
}
