using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
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
        var bytes = output.Written.ToArray();
        output.Dispose();
        return new Multiaddr(bytes);
    }
}
