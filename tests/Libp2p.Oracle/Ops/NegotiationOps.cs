using System.Text.Json;
using Libp2p.Swarm.Multistream;

namespace Libp2p.Oracle;

/// <summary>A negotiation with a remote that has said everything already.</summary>
internal static class NegotiationOps
{
    public static void Multistream(Question question, Utf8JsonWriter answer)
    {
        var role = question.Text("role") == "dialer" ? ConnectionRole.Dialer : ConnectionRole.Listener;
        var outcome = MultistreamNegotiator.Run(question.Bytes("bytes"), [.. question.Texts("supported").Select(text => new ProtocolId(text))], role);
        answer.WriteString("chosen", outcome.Chosen.Value);
        answer.WriteHex("written", outcome.Written.Span);
    }
}
