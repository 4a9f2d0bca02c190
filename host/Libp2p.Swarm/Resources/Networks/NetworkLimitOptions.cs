using System.Collections.Immutable;
using System.Net;

namespace Libp2p.Swarm;

/// <summary>
/// How many connections the hosts of one network may open to this node. A network is an IPv4 address or an IPv6 /56; a site an IPv6 /48. Loopback, relayed and other connections without an IP
/// address of their peer are exempt.
/// </summary>
public sealed class NetworkLimitOptions
{
    /// <summary>How many networks may be named in <see cref="Exempt"/>.</summary>
    public const int MaxExempt = 1024;

    /// <summary>Connections from one network. 1 to 1,000,000, default 8.</summary>
    public int MaxConnectionsPerNetwork { get; set; } = 8;

    /// <summary>Connections from one site. 1 to 1,000,000, default 64.</summary>
    public int MaxConnectionsPerSite { get; set; } = 64;

    /// <summary>Connections a second from one network, once <see cref="ConnectionBurst"/> is used up. 0.001 to 1,000,000, default 0.2.</summary>
    public double ConnectionsPerSecond { get; set; } = 0.2;

    /// <summary>Connections at once from one network. 1 to 1,000,000, default 16.</summary>
    public int ConnectionBurst { get; set; } = 16;

    /// <summary>Networks remembered: those with connections, and those that had some a short while ago, of which the longest ago are forgotten first. 16 to 10,000,000, default 65,536.</summary>
    public int MaxNetworks { get; set; } = 65_536;

    /// <summary>Networks that are not limited: <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>, or a single IP address. Default: none.</summary>
    public IList<string> Exempt { get; } = [];

    internal void Validate(ImmutableArray<string>.Builder problems)
    {
        SwarmOptions.Range(problems, MaxConnectionsPerNetwork, 1, 1_000_000, $"Resources:Networks:{nameof(MaxConnectionsPerNetwork)}");
        SwarmOptions.Range(problems, MaxConnectionsPerSite, 1, 1_000_000, $"Resources:Networks:{nameof(MaxConnectionsPerSite)}");
        if (!(ConnectionsPerSecond is >= 0.001 and <= 1_000_000)) problems.Add($"Resources:Networks:{nameof(ConnectionsPerSecond)} is {ConnectionsPerSecond}: set it between 0.001 and 1000000.");
        SwarmOptions.Range(problems, ConnectionBurst, 1, 1_000_000, $"Resources:Networks:{nameof(ConnectionBurst)}");
        SwarmOptions.Range(problems, MaxNetworks, 16, 10_000_000, $"Resources:Networks:{nameof(MaxNetworks)}");
        if (MaxConnectionsPerSite < MaxConnectionsPerNetwork)
        {
            problems.Add($"Resources:Networks:{nameof(MaxConnectionsPerNetwork)} is {MaxConnectionsPerNetwork}, more than {nameof(MaxConnectionsPerSite)}, {MaxConnectionsPerSite}, of the site it is in: lower the one or raise the other.");
        }

        if (Exempt.Count > MaxExempt) problems.Add($"Resources:Networks:{nameof(Exempt)} names {Exempt.Count} networks: at most {MaxExempt} are allowed; name larger ones.");
        foreach (var text in Exempt)
        {
            if (ParseNetwork(text) is null) problems.Add($"Resources:Networks:{nameof(Exempt)}: '{text}' is no network: write it like 10.0.0.0/8, 2001:db8::/32 or 192.0.2.1.");
        }
    }

    internal static IPNetwork? ParseNetwork(string text) =>
        IPAddress.TryParse(text, out var host) ? new IPNetwork(host, host.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(text, out var network) ? network
        : null;
}
