using Libp2p.Multiformats;
using Libp2p.Swarm.Peers;

namespace Libp2p.Swarm.Dialing.Ranking;

/// <summary>Addresses that compete with each other; the groups are dialed side by side.</summary>
internal enum AddressGroup
{
    /// <summary>Of this machine and its networks.</summary>
    Near,

    Public,

    Relayed,
}

/// <summary>
/// Where an address stands within its group: the better ones are the lower rungs. Of QUIC and of TCP the first IPv6 and the first IPv4 address have a rung of their own, which
/// is what Happy Eyeballs (RFC 8305) asks for; the rest of them share one.
/// </summary>
/// <param name="Group">Which group.</param>
/// <param name="Rung">From 0 to below <see cref="Rungs"/>.</param>
internal readonly record struct AddressRank(AddressGroup Group, int Rung)
{
    /// <summary>How many rungs there are.</summary>
    public const int Rungs = 7;

    /// <summary>How many ranks there are, over all groups.</summary>
    public const int Count = 3 * Rungs;

    private const int RungsOfTransport = 3; // first IPv6, first IPv4, the rest
    private const int Other = Rungs - 1; // what is neither QUIC nor TCP

    /// <summary>Its number among all ranks.</summary>
    public int Index => ((int)Group * Rungs) + Rung;

    public static AddressRank At(int index) => new((AddressGroup)(index / Rungs), index % Rungs);

    /// <summary>The rank of one more address, where some are taken.</summary>
    public static AddressRank Of(Multiaddr address, Func<AddressRank, bool> isTaken)
    {
        var group = AddressRules.IsRelayed(address) ? AddressGroup.Relayed : AddressRules.IsFar(address) ? AddressGroup.Public : AddressGroup.Near;
        var transport = IsQuic(address) ? 0 : address.Has(MultiaddrProtocol.Tcp) ? RungsOfTransport : Other;
        if (transport == Other) return new AddressRank(group, Other);
        var first = new AddressRank(group, transport + (AddressRules.IsIPv6(address) ? 0 : 1));
        return isTaken(first) ? new AddressRank(group, transport + RungsOfTransport - 1) : first;
    }

    private static bool IsQuic(Multiaddr address) => address.Has(MultiaddrProtocol.QuicV1) || address.Has(MultiaddrProtocol.Quic);
}
