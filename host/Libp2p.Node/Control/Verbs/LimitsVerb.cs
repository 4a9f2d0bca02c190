using System.Text.Json;
using Libp2p.Node.Output;

namespace Libp2p.Node.Control.Verbs;

/// <summary><c>limits</c>: what the node may use and uses, who uses most, and what was refused.</summary>
internal sealed class LimitsVerb(RunningNode running) : IControlVerb
{
    /// <summary>How many peers are told at most: those that use most bytes.</summary>
    private const int Peers = 100;

    public string Name => "limits";

    public ValueTask AnswerAsync(JsonElement request, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        var report = running.Node.Governor.Report(Peers);
        answer.WriteString("pressure", NameOf(report.Pressure));
        answer.WriteStartArray("limits");
        foreach (var use in report.Node)
        {
            answer.WriteStartObject();
            answer.WriteString("name", use.Name);
            answer.WriteNumber("used", use.Used);
            answer.WriteNumber("limit", use.Limit);
            answer.WriteString("option", Option(use.Option));
            answer.WriteEndObject();
        }

        answer.WriteEndArray();
        answer.WriteStartArray("peers");
        foreach (var peer in report.Peers)
        {
            answer.WriteStartObject();
            answer.WriteString("peer", peer.Peer.ToString());
            answer.WriteString("agentVersion", running.AgentOf(peer.Peer));
            answer.WriteNumber("bytes", peer.Bytes);
            answer.WriteNumber("connections", peer.Connections);
            answer.WriteNumber("streams", peer.Streams);
            answer.WriteNumber("value", peer.Value);
            answer.WriteStrings("protections", peer.Protections);
            answer.WriteEndObject();
        }

        answer.WriteEndArray();
        answer.WriteStartArray("protocols");
        foreach (var protocol in report.Protocols)
        {
            answer.WriteStartObject();
            answer.WriteString("protocol", protocol.Protocol.Value);
            answer.WriteNumber("streams", protocol.Streams);
            answer.WriteNumber("bytes", protocol.Bytes);
            answer.WriteEndObject();
        }

        answer.WriteEndArray();
        answer.WriteStartArray("refusals");
        foreach (var refusals in report.Refusals)
        {
            answer.WriteStartObject();
            answer.WriteString("option", Option(refusals.Option));
            answer.WriteNumber("count", refusals.Count);
            answer.WriteString("last", refusals.Last.ToString());
            answer.WriteEndObject();
        }

        answer.WriteEndArray();
        answer.WriteNumber("evicted", report.Evicted);
        answer.WriteNumber("idleClosed", report.IdleClosed);
        return ValueTask.CompletedTask;
    }

    /// <summary>As it stands in the configuration.</summary>
    private static string Option(string option) => $"Libp2p:Swarm:{option}";

    private static string NameOf(ResourcePressure pressure) => pressure switch
    {
        ResourcePressure.Shrink => "shrink",
        ResourcePressure.RefuseOptional => "refuse-optional",
        ResourcePressure.Evict => "evict",
        _ => "none",
    };
}
