using System.Globalization;
using System.Text.Json;
using Libp2p.Multiformats;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Handshake;

/// <summary>What two nodes agreed on, and how long each step took.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="EarlyMuxer">Whether the muxer was agreed on within the handshake; null: the transport brought it along.</param>
/// <param name="Info">What the remote says of itself; null: nothing.</param>
/// <param name="Steps">In order.</param>
internal sealed record HandshakeReport(IConnection Connection, bool? EarlyMuxer, IdentifyInfo? Info, IReadOnlyList<HandshakeStep> Steps)
{
    public void Print(bool json, TextWriter output)
    {
        if (json)
        {
            JsonLine.Write(output, WriteJson);
            return;
        }

        output.WriteLine($"peer id     {Connection.RemotePeer}");
        output.WriteLine($"address     {Connection.Remote}");
        output.WriteLine($"transport   {TransportOf(Connection.Remote)}");
        output.WriteLine($"security    {Connection.Security?.Value ?? "the transport's own"}");
        output.WriteLine($"remote key  {Connection.RemoteKey.Type}");
        output.WriteLine($"muxer       {Connection.Muxer?.Value ?? "the transport's own"}{EarlyMuxer switch { true => ", agreed on within the handshake", false => ", negotiated", null => "" }}");
        if (Info is not null)
        {
            output.WriteLine($"agent       {TerminalText.Clean(Info.AgentVersion ?? "unnamed")}");
            output.WriteLine($"version     {TerminalText.Clean(Info.ProtocolVersion ?? "unnamed")}");
            output.WriteLine("speaks");
            foreach (var protocol in Info.Protocols) output.WriteLine($"  {TerminalText.Clean(protocol.Value)}");
        }

        output.WriteLine();
        PrintSteps(Steps, output);
    }

    /// <summary>A row a step: name, milliseconds, and a bar from its start to its end.</summary>
    public static void PrintSteps(IReadOnlyList<HandshakeStep> steps, TextWriter output)
    {
        var total = steps[^1].End;
        foreach (var step in steps)
        {
            var bar = TimeBar.Draw(step.Start, step.End, total, output);
            output.WriteLine($"{step.Name,-10}  {Milliseconds(step.Took),9} ms  {(step.Error is null ? bar : $"failed: {TerminalText.Clean(step.Error)}")}");
        }

        output.WriteLine($"{"total",-10}  {Milliseconds(total),9} ms");
    }

    public static void WriteSteps(Utf8JsonWriter json, IReadOnlyList<HandshakeStep> steps)
    {
        json.WriteStartArray("steps");
        foreach (var step in steps)
        {
            json.WriteStartObject();
            json.WriteString("name", step.Name);
            json.WriteNumber("startMs", Math.Round(step.Start.TotalMilliseconds, 4));
            json.WriteNumber("ms", Math.Round(step.Took.TotalMilliseconds, 4));
            if (step.Error is not null) json.WriteString("error", step.Error);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("totalMs", Math.Round(steps[^1].End.TotalMilliseconds, 4));
    }

    private static string Milliseconds(TimeSpan span) => span.TotalMilliseconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>What of an address is no host and no peer: <c>tcp</c>, <c>tcp/ws</c>, <c>udp/quic-v1</c>.</summary>
    private static string TransportOf(Multiaddr address)
    {
        var names = new List<string>();
        foreach (var component in address.Components)
        {
            if (component.Protocol.Name is not ("ip4" or "ip6" or "ip6zone" or "dns" or "dns4" or "dns6" or "dnsaddr" or "p2p" or "certhash" or "sni")) names.Add(component.Protocol.Name);
        }

        return string.Join('/', names);
    }

    private void WriteJson(Utf8JsonWriter json)
    {
        json.WriteString("event", "handshake");
        json.WriteString("peerId", Connection.RemotePeer.ToString());
        json.WriteString("addr", Connection.Remote.ToString());
        json.WriteString("transport", TransportOf(Connection.Remote));
        json.WriteString("security", Connection.Security?.Value);
        json.WriteString("keyType", Connection.RemoteKey.Type.ToString());
        json.WriteString("muxer", Connection.Muxer?.Value);
        if (EarlyMuxer is { } early) json.WriteBoolean("earlyMuxer", early);
        else json.WriteNull("earlyMuxer");
        json.WriteString("agentVersion", Info?.AgentVersion);
        json.WriteString("protocolVersion", Info?.ProtocolVersion);
        json.WriteStrings("protocols", Info?.Protocols.Select(p => p.Value) ?? []);
        WriteSteps(json, Steps);
    }
}
