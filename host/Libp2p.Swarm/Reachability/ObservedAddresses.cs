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
            if (observation is { } kept && !connection.Completion.IsCompleted) _observations[connection] = kept;
            else if (!_observations.Remove(connection)) return;
        }

        Settle();
    }

    /// <summary>The connection has ended, and with it what its peer saw.</summary>
    public void Forget(IConnection connection)
    {
        lock (_gate)
        {
            if (!_observations.Remove(connection)) return;
        }

        Settle();
    }

    private void Settle()
    {
        ImmutableArray<Multiaddr> now;
        lock (_gate)
        {
            // Once attested, an address stays while anybody sees it: peers come and go.
            now =
            [
                .. _observations.Values
                    .GroupBy(static observation => observation.Address)
                    .Select(static group => (Address: group.Key, Observers: group.Select(static observation => observation.Observer).Distinct().Count()))
                    .Where(seen => seen.Observers >= context.Options.ObservedAddressThreshold || _external.Contains(seen.Address))
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
