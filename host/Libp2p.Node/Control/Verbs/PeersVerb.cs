using System.Text.Json;
using Libp2p.Node.Output;

namespace Libp2p.Node.Control.Verbs;

/// <summary><c>peers</c>: what the node knows of others, connected or not; of one where the request names it.</summary>
internal sealed class PeersVerb(RunningNode running) : IControlVerb
{
    public string Name => "peers";

    public ValueTask AnswerAsync(JsonElement request, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        var connected = running.Node.Connections.Select(c => c.RemotePeer).ToHashSet();
        answer.WriteStartArray("peers");
        foreach (var peer in Asked(request) is { } one ? [one] : running.Node.Peers.Peers)
        {
            if (!running.Node.Peers.TryGet(peer, out var info)) continue;
            answer.WriteStartObject();
            answer.WriteString("peer", peer.ToString());
            answer.WriteBoolean("connected", connected.Contains(peer));
            answer.WriteString("agentVersion", info.AgentVersion);
            answer.WriteStrings("addrs", info.Addresses.Select(a => a.ToString()));
            answer.WriteStrings("protocols", info.Protocols.Select(p => p.Value));
            answer.WriteEndObject();
        }

        answer.WriteEndArray();
        return ValueTask.CompletedTask;
    }

    /// <exception cref="CommandException">What is named is no peer id.</exception>
    private static PeerId? Asked(JsonElement request)
    {
        if (!request.TryGetProperty("peer", out var name)) return null;
        return name.ValueKind == JsonValueKind.String && PeerId.TryParse(name.GetString(), out var peer) ? peer : throw new CommandException("That is no peer id.", "name one as 12D3Koo..., or none for all peers.");
    }
}
