using System.Net;
using Libp2p.Multiformats;

namespace Libp2p.Swarm.Gating;

/// <summary>One rule of a list: a peer, a network, or the beginning of an address. One of the three is set.</summary>
internal sealed record GateRule(PeerId? Peer, IPNetwork? Network, Multiaddr? Prefix);

/// <summary>A list of rules, looked up. Immutable.</summary>
internal sealed class GateRules
{
    private readonly HashSet<PeerId> _peers = [];
    private readonly List<IPNetwork> _networks = [];
    private readonly HashSet<IPAddress> _hosts = [];
    private readonly HashSet<Multiaddr> _prefixes = [];

    public GateRules(IEnumerable<string> rules)
    {
        foreach (var text in rules)
        {
            if (!TryParse(text, out var rule)) throw new ArgumentException($"'{text}' is no rule.", nameof(rules));
            if (rule.Peer is { } peer) _peers.Add(peer);
            else if (rule.Prefix is { } prefix) _prefixes.Add(prefix);
            else if (rule.Network is { } network && network.PrefixLength == network.BaseAddress.GetAddressBytes().Length * 8) _hosts.Add(network.BaseAddress);
            else _networks.Add(rule.Network!.Value);
        }
    }

    public bool NamesPeers => _peers.Count > 0;

    public bool NamesAddresses => _networks.Count + _hosts.Count + _prefixes.Count > 0;

    /// <summary>Reads a rule.</summary>
    public static bool TryParse(string text, out GateRule rule)
    {
        rule = new GateRule(null, null, null);
        if (text.StartsWith('/'))
        {
            if (!Multiaddr.TryParse(text, out var prefix)) return false;
            rule = new GateRule(null, null, prefix);
            return true;
        }

        if (IPAddress.TryParse(text, out var host)) rule = new GateRule(null, new IPNetwork(host, host.GetAddressBytes().Length * 8), null);
        else if (IPNetwork.TryParse(text, out var network)) rule = new GateRule(null, network, null);
        else if (PeerId.TryParse(text, out var peer)) rule = new GateRule(peer, null, null);
        else return false;
        return true;
    }

    public bool Has(PeerId peer) => _peers.Contains(peer);

    public bool Has(Multiaddr address)
    {
        if ((_networks.Count > 0 || _hosts.Count > 0) && HostOf(address) is { } host)
        {
            if (_hosts.Contains(host)) return true;
            foreach (var network in _networks)
            {
                if (network.Contains(host)) return true;
            }
        }

        if (_prefixes.Count == 0) return false;
        Multiaddr? beginning = null;
        foreach (var component in address.Components)
        {
            beginning = beginning is null ? Multiaddr.Create(component.Protocol, component.Value) : beginning.Append(component.Protocol, component.Value);
            if (_prefixes.Contains(beginning)) return true;
        }

        return false;
    }

    private static IPAddress? HostOf(Multiaddr address)
    {
        foreach (var component in address.Components)
        {
            if (component.Protocol == MultiaddrProtocol.Ip6zone) continue;
            if (component.Protocol != MultiaddrProtocol.Ip4 && component.Protocol != MultiaddrProtocol.Ip6) return null;
            var host = new IPAddress(component.Value);
            return host.IsIPv4MappedToIPv6 ? host.MapToIPv4() : host;
        }

        return null;
    }
}
