using System.Net;

namespace Libp2p.TestKit;

/// <summary>Something between hosts and the internet (or another gateway) that keeps strangers out: a NAT, or a firewall.</summary>
public sealed class SimulatedGateway
{
    private readonly Dictionary<(string Protocol, IPEndPoint Inside, IPEndPoint? Destination), Mapping> _byInside = [];
    private readonly Dictionary<(string Protocol, int Port), Mapping> _byPort = [];
    private int _nextPort = 20000;

    internal SimulatedGateway(string name, GatewayKind kind, Realm outside, IPAddress address, int number)
    {
        Name = name;
        Kind = kind;
        Outside = outside;
        Address = address;
        Number = number;
        Inside = new Realm(this);
        if (kind != GatewayKind.Firewall) outside.Add(address, this);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What it lets in.</summary>
    public GatewayKind Kind { get; }

    /// <summary>Its address outside, under which its hosts are seen; of no meaning for a firewall.</summary>
    public IPAddress Address { get; }

    /// <summary>Whether a host inside reaches another inside by the address outside. Default false.</summary>
    public bool Hairpin { get; set; }

    /// <summary>How long a UDP mapping without traffic lives. Default 2 minutes.</summary>
    public TimeSpan UdpLifetime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a TCP mapping to which nobody dials lives. Default 2 hours.</summary>
    public TimeSpan TcpLifetime { get; set; } = TimeSpan.FromHours(2);

    internal Realm Outside { get; }

    internal Realm Inside { get; }

    internal int Number { get; }

    internal int Hosts { get; set; }

    /// <summary>Leads a port of the outside to a host inside, as UPnP or its owner would.</summary>
    /// <param name="protocol">"tcp" or "udp".</param>
    /// <param name="port">The port outside.</param>
    /// <param name="inside">Where it leads.</param>
    public void Forward(string protocol, int port, IPEndPoint inside)
    {
        ArgumentNullException.ThrowIfNull(inside);
        _byPort[(protocol, port)] = new Mapping(inside, port) { IsForwarded = true };
    }

    /// <summary>Forgets all mappings, as a restart does.</summary>
    public void Reset()
    {
        _byInside.Clear();
        foreach (var (key, mapping) in _byPort.ToArray())
        {
            if (!mapping.IsForwarded) _byPort.Remove(key);
        }
    }

    /// <summary>A packet leaves: the source as it is seen outside.</summary>
    internal IPEndPoint Leaves(string protocol, IPEndPoint source, IPEndPoint destination, long now)
    {
        var key = (protocol, source, Kind == GatewayKind.Symmetric ? destination : null);
        if (!_byInside.TryGetValue(key, out var mapping) || IsOld(protocol, mapping.Used, now))
        {
            if (mapping is { IsForwarded: false }) _byPort.Remove((protocol, mapping.Port));
            mapping = Forwarded(protocol, source) ?? new Mapping(source, Kind == GatewayKind.Firewall ? source.Port : Choose(protocol, source.Port));
            _byInside[key] = mapping;
            if (Kind != GatewayKind.Firewall) _byPort[(protocol, mapping.Port)] = mapping;
        }

        mapping.Used = now;
        mapping.Contacted[destination] = now;
        return Kind == GatewayKind.Firewall ? source : new IPEndPoint(Address, mapping.Port);
    }

    /// <summary>Whether a packet from outside is let in.</summary>
    internal bool Comes(string protocol, IPEndPoint destination, IPEndPoint source, long now)
    {
        var mapping = Kind == GatewayKind.Firewall ? _byInside.GetValueOrDefault((protocol, destination, (IPEndPoint?)null)) : _byPort.GetValueOrDefault((protocol, destination.Port));
        if (mapping is null) return false;
        if (mapping.IsForwarded) return true;
        if (IsOld(protocol, mapping.Used, now)) return false;
        return Kind switch
        {
            GatewayKind.FullCone => true,
            GatewayKind.AddressRestricted => mapping.Contacted.Any(one => one.Key.Address.Equals(source.Address) && !IsOld(protocol, one.Value, now)),
            _ => mapping.Contacted.TryGetValue(source, out var last) && !IsOld(protocol, last, now),
        };
    }

    /// <summary>Where a port outside leads; null: nowhere.</summary>
    internal IPEndPoint? Target(string protocol, int port) => _byPort.GetValueOrDefault((protocol, port))?.Inside;

    /// <summary>What leads to an end point inside is also where it is seen.</summary>
    private Mapping? Forwarded(string protocol, IPEndPoint inside)
    {
        foreach (var (key, mapping) in _byPort)
        {
            if (mapping.IsForwarded && key.Protocol == protocol && mapping.Inside.Equals(inside)) return mapping;
        }

        return null;
    }

    private bool IsOld(string protocol, long used, long now) => now - used > (protocol == "udp" ? UdpLifetime : TcpLifetime).Ticks;

    /// <summary>The port of the inside where it is free, as most do; a symmetric one takes the next.</summary>
    private int Choose(string protocol, int inside)
    {
        if (Kind != GatewayKind.Symmetric && !_byPort.ContainsKey((protocol, inside))) return inside;
        while (_byPort.ContainsKey((protocol, _nextPort))) _nextPort++;
        return _nextPort++;
    }

    private sealed class Mapping(IPEndPoint inside, int port)
    {
        public IPEndPoint Inside => inside;

        public int Port => port;

        public bool IsForwarded { get; init; }

        public long Used { get; set; }

        public Dictionary<IPEndPoint, long> Contacted { get; } = [];
    }
}

/// <summary>What a gateway lets in (RFC 3489 section 5; the terms of RFC 4787 in brackets).</summary>
public enum GatewayKind
{
    /// <summary>A NAT: whoever sends to a port that a host inside has opened (endpoint-independent filtering).</summary>
    FullCone,

    /// <summary>A NAT: only from an address to which the host inside has sent (address-dependent filtering).</summary>
    AddressRestricted,

    /// <summary>A NAT: only from an address and port to which the host inside has sent (address- and port-dependent filtering).</summary>
    PortRestricted,

    /// <summary>A NAT: as port restricted, and each destination sees another port (address- and port-dependent mapping).</summary>
    Symmetric,

    /// <summary>No translation: only answers are let in.</summary>
    Firewall,
}
