using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Libp2p.Multiformats;

namespace Libp2p.Swarm.Peers;

/// <summary>What the swarm asks of an address.</summary>
internal static class AddressRules
{
    /// <summary>Splits a trailing <c>/p2p</c> off; false where the rest is empty or the peer id is malformed.</summary>
    /// <param name="address">With or without a trailing <c>/p2p</c>.</param>
    /// <param name="bare">Without it.</param>
    /// <param name="peer">Who is expected; null: anyone.</param>
    public static bool TrySplit(Multiaddr address, [NotNullWhen(true)] out Multiaddr? bare, out PeerId? peer)
    {
        peer = null;
        bare = address.WithoutPeerId();
        var id = address.PeerIdBytes;
        if (!id.IsEmpty)
        {
            try
            {
                peer = PeerId.FromBytes(id.Span);
            }
            catch (FormatException)
            {
                return false;
            }
        }

        return bare is not null;
    }

    /// <summary>Whether an address stays within this machine or its networks, where answers come quickly.</summary>
    public static bool IsNear(Multiaddr address) => address.IsLoopback || address.IsPrivate || address.IsLinkLocal;

    /// <summary>Whether an address begins with an IPv6 address, or a name that has such addresses alone.</summary>
    public static bool IsIPv6(Multiaddr address)
    {
        foreach (var component in address.Components)
        {
            if (component.Protocol == MultiaddrProtocol.Ip6zone) continue;
            return component.Protocol == MultiaddrProtocol.Ip6 || component.Protocol == MultiaddrProtocol.Dns6;
        }

        return false;
    }

    /// <summary>Whether an address leads out of this machine and its networks, or may: names, and IP addresses that are not near.</summary>
    public static bool IsFar(Multiaddr address)
    {
        foreach (var component in address.Components)
        {
            var first = component.Protocol;
            return address.IsResolvable || ((first == MultiaddrProtocol.Ip4 || first == MultiaddrProtocol.Ip6 || first == MultiaddrProtocol.Ip6zone) && !IsNear(address));
        }

        return false;
    }

    /// <summary>Whether an address goes through a relay.</summary>
    public static bool IsRelayed(Multiaddr address) => address.Has(MultiaddrProtocol.P2pCircuit);

    /// <summary>The descriptors that a connection holds: none over a relay, over datagrams, within the process.</summary>
    public static int DescriptorsOf(Multiaddr? address) =>
        address is null || IsRelayed(address) || address.Has(MultiaddrProtocol.Udp) || address.Has(MultiaddrProtocol.Memory) ? 0 : 1;

    /// <summary>An address with its wildcard replaced by every local address of its family; itself where there is none.</summary>
    public static IEnumerable<Multiaddr> Expand(Multiaddr address, ImmutableArray<IPAddress> local)
    {
        if (!address.IsUnspecified)
        {
            yield return address;
            yield break;
        }

        foreach (var ip in local)
        {
            // Link-local addresses mean nothing without their link.
            if (ip.IsIPv6LinkLocal) continue;
            if (TryReplaceHost(address, ip) is { } expanded) yield return expanded;
        }
    }

    private static Multiaddr? TryReplaceHost(Multiaddr address, IPAddress ip)
    {
        Multiaddr? result = null;
        foreach (var component in address.Components)
        {
            if (result is null)
            {
                var family = component.Protocol == MultiaddrProtocol.Ip4 ? AddressFamily.InterNetwork
                    : component.Protocol == MultiaddrProtocol.Ip6 ? AddressFamily.InterNetworkV6
                    : AddressFamily.Unspecified;
                if (family != ip.AddressFamily) return null;
                result = Multiaddr.Create(component.Protocol, ip.GetAddressBytes());
            }
            else
            {
                result = component.Protocol.HasValue ? result.Append(component.Protocol, component.Value) : result.Append(component.Protocol);
            }
        }

        return result;
    }
}
