using Libp2p.Multiformats;
using Libp2p.Swarm.Peers;

namespace Libp2p.Swarm.Dialing.Limits;

/// <summary>
/// Notices that a whole kind of address, all of UDP or all of IPv6, leads nowhere from this network, and then leaves it alone but for a probe now and then. Only public addresses count:
/// near ones go another way. Thread-safe.
/// </summary>
internal sealed class BlackHoles(DialOptions options)
{
    private readonly Lock _gate = new();
    private readonly BlackHole _udp = new("UDP", options); // guarded by _gate
    private readonly BlackHole _ipv6 = new("IPv6", options); // guarded by _gate

    /// <summary>Why an address is left alone; null: it is not.</summary>
    public string? Refuse(Multiaddr address)
    {
        if (!address.IsGlobalUnicast) return null;
        var isUdp = address.Has(MultiaddrProtocol.Udp);
        var isIPv6 = AddressRules.IsIPv6(address);
        if (!isUdp && !isIPv6) return null;
        lock (_gate)
        {
            // Both are asked, so that an IPv6 address over UDP probes both; where one lets it pass as its probe and the other does not, the probe was for nothing.
            var udp = isUdp ? _udp.Refuse() : null;
            var ipv6 = isIPv6 ? _ipv6.Refuse() : null;
            return udp ?? ipv6;
        }
    }

    /// <summary>An address was dialed.</summary>
    /// <param name="address">Which.</param>
    /// <param name="reached">Whether anybody was there, if only to refuse.</param>
    public void Record(Multiaddr address, bool reached)
    {
        if (!address.IsGlobalUnicast) return;
        lock (_gate)
        {
            if (address.Has(MultiaddrProtocol.Udp)) _udp.Record(reached);
            if (AddressRules.IsIPv6(address)) _ipv6.Record(reached);
        }
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _udp.Clear();
            _ipv6.Clear();
        }
    }
}
