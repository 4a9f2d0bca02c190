using System.Text.Json;
using Libp2p.Node.Output;

namespace Libp2p.Node.View;

/// <summary>A node at one moment: values alone.</summary>
/// <param name="Addresses">Where it listens, without <c>/p2p</c>.</param>
/// <param name="Connections">Its connections, in any order; bytes a second are not known yet.</param>
/// <param name="Received">Bytes over all connections since the start.</param>
/// <param name="Sent">Bytes over all connections since the start.</param>
internal sealed record NodeSnapshot(IReadOnlyList<string> Addresses, IReadOnlyList<ConnectionRow> Connections, long Received, long Sent)
{
    public static NodeSnapshot Of(RunningNode running, RoundTrips? roundTrips)
    {
        var now = running.Time.GetUtcNow();
        return new NodeSnapshot(
            [.. running.Node.ListenAddresses.Select(address => address.ToString())],
            [.. running.Node.Connections.Select(c => ConnectionRow.Of(c, running.AgentOf(c.RemotePeer), now) with { RoundTrip = roundTrips?.Of(c.Id) })],
            running.Traffic.Received,
            running.Traffic.Sent);
    }

    /// <summary>What a node answered to <c>status</c>.</summary>
    public static NodeSnapshot Of(JsonElement status) => new(
        [.. status.GetProperty("addrs").EnumerateArray().Select(address => WithoutPeerId(address.GetString()!))],
        [.. status.GetProperty("connections").EnumerateArray().Select(ConnectionRow.Of)],
        status.GetProperty("receivedBytes").GetInt64(),
        status.GetProperty("sentBytes").GetInt64());

    private static string WithoutPeerId(string address) => address.LastIndexOf("/p2p/", StringComparison.Ordinal) is > 0 and var end ? address[..end] : address;
}
