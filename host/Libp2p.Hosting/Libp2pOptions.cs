using System.Net;
using Libp2p.Multiformats;
using Libp2p.Swarm;

namespace Libp2p.Hosting;

/// <summary>What a hosted node is made of; bound from the configuration section <c>Libp2p</c>.</summary>
public sealed class Libp2pOptions : IValidatableOptions
{
    /// <summary>The configuration section of the default node.</summary>
    public const string Section = "Libp2p";

    /// <summary>
    /// The multiaddrs to listen on. Port 0 takes a free one. Default, where none is given: every IPv4 and IPv6 interface, TCP, a free port.
    /// An address that cannot be bound is left out and reported, unless none is left. A single empty string: do not listen.
    /// </summary>
    public IList<string> Listen { get; } = [];

    /// <summary>The file that holds the node's private key (protobuf form, mode 0600); made on the first start. Default: none, an identity that lasts as long as the process.</summary>
    public string? IdentityFile { get; set; }

    /// <summary>The folder where plugins keep what outlasts the node, as the datastore its file. Default: none, nothing outlasts it unless a plugin is told where.</summary>
    public string? DataFolder { get; set; }

    /// <summary>Plugins, by name, that are left out. Default: none.</summary>
    public IList<string> DisabledPlugins { get; } = [];

    /// <summary>Plugins, by name, without which the node does not start. Default: none; a plugin that fails is then reported and left out.</summary>
    public IList<string> RequiredPlugins { get; } = [];

    /// <summary>Security channels in order of preference, as <c>/noise</c>; those not named follow. Default: the order of the plugins.</summary>
    public IList<string> Security { get; } = [];

    /// <summary>Muxers in order of preference, as <c>/yamux/1.0.0</c>; those not named follow. Default: the order of the plugins.</summary>
    public IList<string> Muxers { get; } = [];

    /// <summary>
    /// The name servers asked about names (<c>/dns</c>, <c>/dns4</c>, <c>/dns6</c>, <c>/dnsaddr</c>), in order: IP addresses, with a port where it is not 53 (<c>192.0.2.1:5353</c>,
    /// <c>[2001:db8::1]:5353</c>); at most 8. Default: the system's resolver, and its name servers for <c>/dnsaddr</c>. <see cref="SystemNetworkOptions.NameServers"/> says what differs.
    /// </summary>
    public IList<string> NameServers { get; } = [];

    /// <summary>How long a plugin may take to stop before the node goes on without it. Default 5 s; 0.1 s to 5 min.</summary>
    public TimeSpan PluginStopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Limits and deadlines of the swarm.</summary>
    public SwarmOptions Swarm { get; } = new();

    /// <summary>The swarm's options with what is text here filled in.</summary>
    internal SwarmOptions ToSwarm()
    {
        IEnumerable<string> listen = Listen.Count > 0 ? Listen.Where(a => a.Length > 0) : ["/ip4/0.0.0.0/tcp/0", "/ip6/::/tcp/0"];
        Swarm.ListenAddresses = [.. listen.Select(Multiaddr.Parse)];
        if (Security.Count > 0) Swarm.SecurityPreference = [.. Security.Select(id => new ProtocolId(id))];
        if (Muxers.Count > 0) Swarm.MuxerPreference = [.. Muxers.Select(id => new ProtocolId(id))];
        return Swarm;
    }

    /// <summary>The options of the system's network with what is text here filled in.</summary>
    internal SystemNetworkOptions ToNetwork() => new() { NameServers = [.. NameServers.Select(static text => ParseNameServer(text)!)] };

    private static IPEndPoint? ParseNameServer(string text) =>
        IPEndPoint.TryParse(text, out var server) ? new IPEndPoint(server.Address, server.Port == 0 ? 53 : server.Port) : null;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        foreach (var server in NameServers.Where(static text => ParseNameServer(text) is null))
        {
            yield return $"{Section}:NameServers: '{server}' is not an IP address. Write it like 192.0.2.1 or [2001:db8::1]:5353.";
        }

        if (DataFolder is { Length: 0 }) yield return $"{Section}:DataFolder: it is empty. Name a folder, or leave it out.";
        if (NameServers.Count > 8) yield return $"{Section}:NameServers: {NameServers.Count} are more than 8. Name those that answer best.";
        foreach (var address in Listen)
        {
            if (address.Length > 0 && !Multiaddr.TryParse(address, out _))
            {
                yield return $"{Section}:Listen: '{address}' is not a multiaddr. Write it like /ip4/0.0.0.0/tcp/4001.";
            }
        }

        foreach (var id in Security.Concat(Muxers).Where(id => !id.StartsWith('/')))
        {
            yield return $"{Section}: '{id}' in Security or Muxers is not a protocol id. Write it like /noise or /yamux/1.0.0.";
        }

        foreach (var name in DisabledPlugins.Intersect(RequiredPlugins, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"{Section}: the plugin '{name}' is both disabled and required. Take it out of DisabledPlugins or RequiredPlugins.";
        }

        if (PluginStopTimeout < TimeSpan.FromMilliseconds(100) || PluginStopTimeout > TimeSpan.FromMinutes(5))
        {
            yield return $"{Section}:PluginStopTimeout: {PluginStopTimeout} is outside 0.1 s to 5 min.";
        }

        foreach (var problem in Swarm.Validate()) yield return $"{Section}:Swarm: {problem}";
    }
}
