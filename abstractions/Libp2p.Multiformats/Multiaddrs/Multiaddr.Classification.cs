namespace Libp2p.Multiformats;

public sealed partial class Multiaddr
{
    /// <summary>Whether it starts with a name to be resolved: <c>dns</c>, <c>dns4</c>, <c>dns6</c>, <c>dnsaddr</c>.</summary>
    public bool IsResolvable
    {
        get
        {
            foreach (var component in Components)
            {
                return component.Protocol.Code is MultiaddrProtocol.Codes.Dns or MultiaddrProtocol.Codes.Dns4
                    or MultiaddrProtocol.Codes.Dns6 or MultiaddrProtocol.Codes.Dnsaddr;
            }

            return false;
        }
    }

    /// <summary>Whether it starts with an IP address of this machine: 127.0.0.0/8, ::1.</summary>
    public bool IsLoopback => Scope == IpScope.Loopback;

    /// <summary>Whether it starts with 0.0.0.0 or ::, which stand for every address when listening.</summary>
    public bool IsUnspecified => Scope == IpScope.Unspecified;

    /// <summary>Whether it starts with an IP address of one link: 169.254.0.0/16, fe80::/10.</summary>
    public bool IsLinkLocal => Scope == IpScope.LinkLocal;

    /// <summary>
    /// Whether it starts with an IP address of a private network: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 (RFC 1918), 100.64.0.0/10 (RFC 6598), fc00::/7 (RFC 4193).
    /// </summary>
    public bool IsPrivate => Scope == IpScope.Private;

    /// <summary>
    /// Whether it starts with an IP address of one machine on the public internet: none of the above, nor multicast, broadcast, documentation, benchmarking or other reserved
    /// ranges (RFC 6890).
    /// </summary>
    public bool IsGlobalUnicast => Scope == IpScope.GlobalUnicast;

    private IpScope Scope
    {
        get
        {
            foreach (var component in Components)
            {
                if (component.Protocol != MultiaddrProtocol.Ip6zone)
                {
                    return component.Protocol == MultiaddrProtocol.Ip4 ? IpScopes.Of4(component.Value)
                        : component.Protocol == MultiaddrProtocol.Ip6 ? IpScopes.Of6(component.Value)
                        : IpScope.None;
                }
            }

            return IpScope.None;
        }
    }
}
