using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Libp2p.Multiformats;
using Libp2p.Swarm.Peers;

namespace Libp2p.Swarm.Reachability;

/// <summary>
/// Where peers say that they see this node. What enough independent observers agree on becomes an external address: one liar, or one network full of them, is
/// not enough. Each open connection counts for one address, each network of an observer once; so it never holds more than there are connections. Thread-safe.
/// </summary>
internal sealed class ObservedAddresses(SwarmContext context, Func<Multiaddr, bool> listensOn)
{
    /// <summary>The IPv6 prefix that one observer commonly has for itself, in bytes: /56.</summary>
    private const int Ipv6NetworkBytes = 7;

    private readonly Lock _gate = new();
    private readonly Dictionary<IConnection, Observation> _observations = []; // guarded by _gate
    private readonly Dictionary<Multiaddr, Dictionary<IPAddress, int>> _observers = []; // guarded by _gate: of each address, with how many connections each has; never empty
    private readonly HashSet<Multiaddr> _attested = []; // guarded by _gate: have, or had when fewer went away, observers enough
    private ImmutableArray<Multiaddr> _external = []; // guarded by _gate

    /// <summary>Addresses by which observers reach this node, the best attested first.</summary>
    public ImmutableArray<Multiaddr> External
    {
        get
        {
            lock (_gate) return _external;
        }
    }

    /// <summary>A peer told where it sees the connection come from; it replaces what it told before.</summary>
    public void Observe(IConnection connection, Multiaddr? observed)
    {
        var observation = observed is not null && IsOfUse(connection, observed) && NetworkOf(connection.Remote) is { } observer
            ? new Observation(observed.WithoutPeerId() ?? observed, observer)
            : (Observation?)null;
        lock (_gate)
        {
            Remove(connection);
            if (observation is { } kept && !connection.Completion.IsCompleted) Add(connection, kept);
        }

        Settle();
    }

    /// <summary>The connection has ended, and with it what its peer saw.</summary>
    public void Forget(IConnection connection)
    {
        lock (_gate)
        {
            if (!Remove(connection)) return;
        }

        Settle();
    }

    private void Add(IConnection connection, Observation observation)
    {
        _observations[connection] = observation;
        if (!_observers.TryGetValue(observation.Address, out var observers)) _observers[observation.Address] = observers = [];
        observers[observation.Observer] = observers.GetValueOrDefault(observation.Observer) + 1;
        if (observers.Count >= context.Options.ObservedAddressThreshold || _external.Contains(observation.Address)) _attested.Add(observation.Address);
    }

    private bool Remove(IConnection connection)
    {
        if (!_observations.Remove(connection, out var observation)) return false;
        var observers = _observers[observation.Address];
        if (--observers[observation.Observer] == 0) observers.Remove(observation.Observer);
        if (observers.Count > 0) return true;
        _observers.Remove(observation.Address);
        _attested.Remove(observation.Address);
        return true;
    }

    /// <summary>Looks at attested addresses alone: there are few, however many connections there are.</summary>
    private void Settle()
    {
        ImmutableArray<Multiaddr> now;
        lock (_gate)
        {
            // Once attested, an address stays while anybody sees it: peers come and go. Those that found no place have to be attested anew.
            _attested.RemoveWhere(address => _observers[address].Count < context.Options.ObservedAddressThreshold && !_external.Contains(address));
            now =
            [
                .. _attested
                    .Select(address => (Address: address, Observers: _observers[address].Count))
                    .OrderByDescending(static seen => seen.Observers).ThenBy(static seen => seen.Address.ToString(), StringComparer.Ordinal)
                    .Take(context.Options.MaxExternalAddresses)
                    .Select(static seen => seen.Address),
            ];
            var same = now.Length == _external.Length && now.All(_external.Contains);
            _external = now;
            if (same) return;
        }

        context.Logger.ExternalAddresses(string.Join(", ", now));
        context.Events.Publish(new ExternalAddressesChanged(now));
    }

    /// <summary>
    /// Only a connection from or to a port that this node listens on says anything of how others reach it: a port of the system's choice is gone with its
    /// connection. What differs in more than address and port is of another transport.
    /// </summary>
    private bool IsOfUse(IConnection connection, Multiaddr observed) =>
        connection.Limits is null
        && !AddressRules.IsRelayed(observed)
        && !observed.IsLoopback && !observed.IsUnspecified && !observed.IsLinkLocal
        && listensOn(connection.Local)
        && !listensOn(observed)
        && connection.Local.Components.Select(static component => component.Protocol).SequenceEqual(
            (observed.WithoutPeerId() ?? observed).Components.Select(static component => component.Protocol));

    /// <summary>Who counts once: an IPv4 address, an IPv6 /56; null where the remote has neither.</summary>
    private static IPAddress? NetworkOf(Multiaddr remote)
    {
        if (!remote.TryGetIPEndPoint(out var endPoint)) return null;
        var ip = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        if (ip.AddressFamily == AddressFamily.InterNetwork) return ip;
        var bytes = ip.GetAddressBytes();
        bytes.AsSpan(Ipv6NetworkBytes).Clear();
        return new IPAddress(bytes);
    }

    private readonly record struct Observation(Multiaddr Address, IPAddress Observer);
}
