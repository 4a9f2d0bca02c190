using System.Net;

namespace Libp2p.TestKit;

/// <summary>A space of addresses: the internet, or what is behind a gateway. An address belongs to a host, or to a gateway that leads further in.</summary>
internal sealed class Realm(SimulatedGateway? exit)
{
    private readonly Dictionary<IPAddress, object> _owners = [];

    /// <summary>Where it leads out; null: this is the internet.</summary>
    public SimulatedGateway? Exit => exit;

    public List<SimulatedHost> Hosts { get; } = [];

    public object? Find(IPAddress address) => _owners.GetValueOrDefault(address);

    public void Add(IPAddress address, object owner)
    {
        if (!_owners.TryAdd(address, owner)) throw new ArgumentException($"{address} belongs to another already.", nameof(address));
    }
}
