using System.Text.Json;
using Libp2p.Node.Output;

namespace Libp2p.Node.Control.Verbs;

/// <summary><c>peers</c>: what the node knows of others, those that are connected first; of one where the request names it.</summary>
internal sealed class PeersVerb(RunningNode running) : IControlVerb
{
    // What a node may know would be no answer but a flood: some 10 MiB at most.
    private const int MostPeers = 1000;

    public string Name => "peers";

    public ValueTask AnswerAsync(JsonElement request, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        var connected = running.Node.Connections.Select(c => c.RemotePeer).ToHashSet();
        var known = Asked(request) is { } one ? [one] : running.Node.Peers.Peers;
        answer.WriteNumber("known", running.Node.Peers.Peers.Count);
        answer.WriteStartArray("peers");
        foreach (var peer in known.OrderByDescending(connected.Contains).Take(MostPeers))
        {
            if (running.Node.Peers.TryGet(peer, out var info)) Write(answer, info, connected.Contains(peer));
        }

        answer.WriteEndArray();
        return ValueTask.CompletedTask;
    }

    private static void Write(Utf8JsonWriter answer, PeerInfo info, bool isConnected)
    {
        answer.WriteStartObject();
        answer.WriteString("peer", info.PeerId.ToString());
        answer.WriteBoolean("connected", isConnected);
        answer.WriteString("agentVersion", info.AgentVersion);
        answer.WriteString("protocolVersion", info.ProtocolVersion);
        if (info.Latency is { } latency) answer.WriteNumber("latencySeconds", Math.Round(latency.TotalSeconds, 6));
        else answer.WriteNull("latencySeconds");
        answer.WriteStrings("addrs", info.Addresses.Select(a => a.ToString()));
        answer.WriteStartArray("addrDetails");
        foreach (var known in info.AddressDetails)
        {
            answer.WriteStartObject();
            answer.WriteString("addr", known.Address.ToString());
            answer.WriteString("expiresAt", known.ExpiresAt);
            answer.WriteBoolean("certified", known.IsCertified);
            answer.WriteEndObject();
        }

        answer.WriteEndArray();
        answer.WriteStrings("protocols", info.Protocols.Select(p => p.Value));
        answer.WriteEndObject();
    }

    /// <exception cref="CommandException">What is named is no peer id.</exception>
    private static PeerId? Asked(JsonElement request)
    {
        if (!request.TryGetProperty("peer", out var name)) return null;
        return name.ValueKind == JsonValueKind.String && PeerId.TryParse(name.GetString(), out var peer) ? peer : throw new CommandException("That is no peer id.", "name one as 12D3Koo..., or none for all peers.");
    }
}
