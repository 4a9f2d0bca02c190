using System.Text.Json;
using Libp2p.Node.Output;

namespace Libp2p.Node.Control.Verbs;

/// <summary><c>status</c>: who the node is, where it listens, and its connections.</summary>
internal sealed class StatusVerb(RunningNode running) : IControlVerb
{
    public string Name => "status";

    public ValueTask AnswerAsync(JsonElement request, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        answer.WriteString("peerId", running.Node.PeerId.ToString());
        answer.WriteString("version", RunningNode.Version);
        answer.WriteStrings("addrs", running.Addresses);
        answer.WriteStrings("externalAddrs", running.Node.ExternalAddresses.Select(a => a.ToString()));
        answer.WriteString("data", running.Settings.DataFolder);
        answer.WriteNumber("pid", Environment.ProcessId);
        answer.WriteString("startedAt", running.StartedAt);
        answer.WriteNumber("uptimeSeconds", Math.Round(running.Uptime.TotalSeconds, 3));
        answer.WriteNumber("sentBytes", running.Traffic.Sent);
        answer.WriteNumber("receivedBytes", running.Traffic.Received);
        answer.WriteStrings("protocols", running.Node.Protocols.Select(p => p.Value));
        PluginLines.WriteJson(answer, running.Hosted.Plugins);
        answer.WriteStartArray("connections");
        foreach (var connection in running.Node.Connections) Write(answer, connection);
        answer.WriteEndArray();
        return ValueTask.CompletedTask;
    }

    private void Write(Utf8JsonWriter answer, IConnection connection)
    {
        answer.WriteStartObject();
        answer.WriteNumber("id", connection.Id);
        answer.WriteString("peer", connection.RemotePeer.ToString());
        answer.WriteString("agentVersion", running.AgentOf(connection.RemotePeer));
        answer.WriteString("direction", connection.Direction == ConnectionDirection.Inbound ? "inbound" : "outbound");
        answer.WriteString("addr", connection.Remote.ToString());
        answer.WriteString("security", connection.Security?.Value);
        answer.WriteString("muxer", connection.Muxer?.Value);
        answer.WriteString("openedAt", connection.OpenedAt);
        answer.WriteNumber("seconds", Math.Round((running.Time.GetUtcNow() - connection.OpenedAt).TotalSeconds, 3));
        if (connection.GetFeature(typeof(IByteCounts)) is IByteCounts bytes)
        {
            answer.WriteNumber("sentBytes", bytes.Sent);
            answer.WriteNumber("receivedBytes", bytes.Received);
        }

        answer.WriteStartArray("streams");
        foreach (var stream in connection.Streams)
        {
            answer.WriteStartObject();
            answer.WriteNumber("id", stream.Id);
            answer.WriteString("protocol", stream.Protocol.Value);
            answer.WriteString("direction", stream.Direction == ConnectionDirection.Inbound ? "inbound" : "outbound");
            answer.WriteEndObject();
        }

        answer.WriteEndArray();
        answer.WriteEndObject();
    }
}
