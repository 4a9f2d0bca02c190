using System.Diagnostics.CodeAnalysis;
using System.Net;
using Libp2p.Multiformats;
using Libp2p.Swarm.Peers;

namespace Libp2p.Swarm.Resources.Networks;

/// <summary>Counts what comes in by the network that it comes from, and how fast. Bounded; thread-safe.</summary>
internal sealed class NetworkLimits(NetworkLimitOptions options, TimeProvider time, Refusals refusals)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<NetworkKey, Network> _networks = []; // guarded by _gate
    private readonly IPNetwork[] _exempt = [.. options.Exempt.Select(static text => NetworkLimitOptions.ParseNetwork(text)!.Value)];

    /// <summary>Networks remembered.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _networks.Count;
        }
    }

    /// <summary>Counts a connection in, or refuses it; <see cref="Leave"/> counts it out.</summary>
    /// <param name="remote">From where.</param>
    /// <param name="from">The address that it is counted by; null: by none.</param>
    /// <param name="why">Why not.</param>
    public bool TryEnter(Multiaddr? remote, out IPAddress? from, [NotNullWhen(false)] out ResourceDenial? why)
    {
        why = null;
        from = AddressOf(remote);
        if (from is null) return true;
        var (narrow, site) = (NetworkKey.Narrow(from), NetworkKey.Site(from));
        string option;
        NetworkKey refused;
        int limit;
        lock (_gate)
        {
            var network = Of(narrow);
            var around = site is { } key ? Of(key) : null;
            if (network is null || (site is not null && around is null))
            {
                (refused, option, limit) = (narrow, nameof(options.MaxNetworks), options.MaxNetworks);
            }
            else if (network.Connections >= options.MaxConnectionsPerNetwork)
            {
                (refused, option, limit) = (narrow, nameof(options.MaxConnectionsPerNetwork), options.MaxConnectionsPerNetwork);
            }
            else if (around?.Connections >= options.MaxConnectionsPerSite)
            {
                (refused, option, limit) = (site!.Value, nameof(options.MaxConnectionsPerSite), options.MaxConnectionsPerSite);
            }
            else if (!network.TryTake(time.GetTimestamp(), time.TimestampFrequency, options))
            {
                (refused, option, limit) = (narrow, nameof(options.ConnectionsPerSecond), options.ConnectionBurst);
            }
            else
            {
                network.Connections++;
                if (around is not null) around.Connections++;
                return true;
            }
        }

        var unit = option switch
        {
            nameof(options.MaxNetworks) => "networks",
            nameof(options.ConnectionsPerSecond) => "connections in a burst",
            _ => "connections",
        };
        why = refusals.Add(new ResourceDenial($"network {refused}", 1, limit, limit, $"Resources:Networks:{option}", unit) { Direction = ConnectionDirection.Inbound });
        return false;
    }

    public void Leave(IPAddress? from)
    {
        if (from is null) return;
        lock (_gate)
        {
            _networks[NetworkKey.Narrow(from)].Connections--;
            if (NetworkKey.Site(from) is { } site) _networks[site].Connections--;
        }
    }

    private IPAddress? AddressOf(Multiaddr? remote)
    {
        if (remote is null || AddressRules.IsRelayed(remote) || !remote.TryGetIPEndPoint(out var end)) return null;
        var address = end.Address.IsIPv4MappedToIPv6 ? end.Address.MapToIPv4() : end.Address;
        return IPAddress.IsLoopback(address) || Array.Exists(_exempt, network => network.Contains(address)) ? null : address;
    }

    /// <summary>Null: all that are remembered have connections.</summary>
    private Network? Of(NetworkKey key)
    {
        if (_networks.TryGetValue(key, out var network)) return network;
        if (_networks.Count >= options.MaxNetworks && !Forget()) return null;
        return _networks[key] = new Network(options.ConnectionBurst, time.GetTimestamp());
    }

    /// <summary>Forgets half of those without connections, those first that had some longest ago: seldom, so that a flood from everywhere does not make each arrival a search.</summary>
    private bool Forget()
    {
        var left = _networks.Where(static network => network.Value.Connections == 0).OrderBy(static network => network.Value.At).Select(static network => network.Key).ToList();
        foreach (var key in left.Take((left.Count + 1) / 2)) _networks.Remove(key);
        return left.Count > 0;
    }

    private sealed class Network(double tokens, long at)
    {
        private double _tokens = tokens;

        public int Connections { get; set; }

        /// <summary>When its tokens were counted.</summary>
        public long At { get; private set; } = at;

        public bool TryTake(long now, long frequency, NetworkLimitOptions options)
        {
            _tokens = Math.Min(options.ConnectionBurst, _tokens + ((double)(now - At) / frequency * options.ConnectionsPerSecond));
            At = now;
            if (_tokens < 1) return false;
            _tokens--;
            return true;
        }
    }
}
