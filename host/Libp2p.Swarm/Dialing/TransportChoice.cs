using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Libp2p.Multiformats;
using Libp2p.Swarm.Roles;

namespace Libp2p.Swarm.Dialing;

/// <summary>Which transport serves an address, and what to say where none does.</summary>
internal static class TransportChoice
{
    // The protocol that tells transports apart, and the plugin that brings it; the first that an address has decides.
    private static readonly ImmutableArray<(string Protocol, string Plugin)> Known =
    [
        ("p2p-circuit", "Libp2p.Transports.Relay"),
        ("webtransport", "Libp2p.Transports.WebTransport"),
        ("quic-v1", "Libp2p.Transports.Quic"),
        ("quic", "Libp2p.Transports.Quic"),
        ("webrtc-direct", "Libp2p.Transports.WebRtc"),
        ("webrtc", "Libp2p.Transports.WebRtc"),
        ("wss", "Libp2p.Transports.WebSockets"),
        ("ws", "Libp2p.Transports.WebSockets"),
        ("utp", "Libp2p.Transports.Utp"),
        ("udt", "Libp2p.Transports.Udt"),
        ("unix", "Libp2p.Transports.Unix"),
        ("memory", "Libp2p.Transports.Memory"),
        ("tcp", "Libp2p.Transports.Tcp"),
        ("udp", "Libp2p.Transports.Udp"),
    ];

    /// <summary>The transport that ranks an address highest; of equals the one registered first.</summary>
    public static bool TryForDial(RoleSnapshot roles, Multiaddr address, [NotNullWhen(true)] out Registration? best)
    {
        best = null;
        var rank = 0;
        foreach (var transport in roles.Transports)
        {
            var offered = transport.As<ITransport>().DialRank(address);
            if (offered <= rank) continue;
            rank = offered;
            best = transport;
        }

        return best is not null;
    }

    /// <summary>The first transport that can listen on an address.</summary>
    public static bool TryForListen(RoleSnapshot roles, Multiaddr address, [NotNullWhen(true)] out Registration? found)
    {
        found = null;
        foreach (var transport in roles.Transports)
        {
            if (!transport.As<ITransport>().CanListen(address)) continue;
            found = transport;
            return true;
        }

        return false;
    }

    /// <summary>No transport takes an address.</summary>
    /// <param name="roles">Those that are present.</param>
    /// <param name="address">Which.</param>
    /// <param name="verb">What was wanted: <c>dial</c> or <c>listen on</c>.</param>
    public static AddressException None(RoleSnapshot roles, Multiaddr address, string verb)
    {
        var present = roles.Transports.IsEmpty ? "none" : string.Join(", ", roles.Transports.Select(static transport => transport.Name));
        var match = Known.FirstOrDefault(known => address.Components.Any(part => part.Protocol.Name == known.Protocol));
        var remedy = match.Plugin is null ? "Check the address." : $"For /{match.Protocol} install {match.Plugin}, or check the address.";
        return new AddressException($"No transport here can {verb} {address}. Present: {present}. {remedy}", address);
    }
}
