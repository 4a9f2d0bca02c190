using Libp2p.Swarm.Connections;

namespace Libp2p.Swarm.Resources.Eviction;

/// <summary>
/// What a connection is worth when resources run short; the least goes first: of the least tagged peers, then without streams, then opened by the remote, then limited (relayed), then with
/// fewer streams, then the newest, so that a flood of newcomers displaces itself.
/// </summary>
internal readonly record struct EvictionOrder(int Value, bool IsUsed, bool IsOurs, bool IsUnlimited, int Streams, long Age) : IComparable<EvictionOrder>
{
    public static EvictionOrder Of(SwarmConnection connection, PeerTags tags)
    {
        var streams = connection.StreamCount;
        return new EvictionOrder(tags.ValueOf(connection.RemotePeer), streams > 0, connection.Direction == ConnectionDirection.Outbound, connection.Limits is null, streams, -connection.Id);
    }

    public int CompareTo(EvictionOrder other) =>
        (Value, IsUsed, IsOurs, IsUnlimited, Streams, Age).CompareTo((other.Value, other.IsUsed, other.IsOurs, other.IsUnlimited, other.Streams, other.Age));
}
