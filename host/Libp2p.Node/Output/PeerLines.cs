using System.Text.Json;

namespace Libp2p.Node.Output;

/// <summary>What a node knows of others, in lines: a peer, and below it each address with the time that is left to it.</summary>
internal static class PeerLines
{
    // What outlives this is as good as known for ever.
    private static readonly TimeSpan Long = TimeSpan.FromDays(3650);

    public static void Write(TextWriter output, JsonElement answer, DateTimeOffset now)
    {
        var shown = 0;
        foreach (var peer in answer.GetProperty("peers").EnumerateArray())
        {
            shown++;
            var latency = peer.GetProperty("latencySeconds") is { ValueKind: JsonValueKind.Number } seconds ? ConnectionTable.RoundTrip(TimeSpan.FromSeconds(seconds.GetDouble())) : "";
            string[] parts =
            [
                peer.GetProperty("peer").GetString()!,
                peer.GetProperty("connected").GetBoolean() ? "connected" : "known",
                TerminalText.Clean(peer.GetProperty("agentVersion").GetString()),
                latency,
            ];
            output.WriteLine(string.Join("  ", parts.Where(static part => part.Length > 0)));
            foreach (var address in peer.GetProperty("addrDetails").EnumerateArray())
            {
                var left = address.GetProperty("expiresAt").GetDateTimeOffset() - now;
                var life = left > Long ? "kept" : $"for {ConnectionTable.Age(left)}";
                output.WriteLine($"  {TerminalText.Clean(address.GetProperty("addr").GetString())}  {life}{(address.GetProperty("certified").GetBoolean() ? ", signed" : "")}");
            }
        }

        var known = answer.GetProperty("known").GetInt32();
        if (known == 0) output.WriteLine("No peers are known yet.");
        else if (shown < known) output.WriteLine($"and {known - shown} more");
    }
}
