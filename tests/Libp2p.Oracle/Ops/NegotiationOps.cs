using System.Text.Json;
using Libp2p.Swarm.Multistream;

namespace Libp2p.Oracle;

/// <summary>A negotiation with a remote that has said everything already.</summary>
internal static class NegotiationOps
{
    public static void Multistream(Question question, Utf8JsonWriter answer)
    {
        var role = question.Text("role") == "dialer" ? ConnectionRole.Dialer : ConnectionRole.Listener;
        var supported = question.Texts("supported");
        if (supported.Length == 0 && role == ConnectionRole.Dialer) throw new FormatException("a dialer proposes at least one protocol");
        var outcome = MultistreamNegotiator.Run(question.Bytes("bytes"), [.. supported.Select(text => new ProtocolId(text))], role);
        answer.WriteString("chosen", outcome.Chosen.Value);
        answer.WriteHex("written", outcome.Written.Span);
    }
}
