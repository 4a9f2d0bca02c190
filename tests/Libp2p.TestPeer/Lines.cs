using System.Text;
using System.Text.Json;

namespace Libp2p.TestPeer;

/// <summary>The output: one JSON object a line. Thread-safe.</summary>
internal static class Lines
{
    private static readonly Lock Gate = new();
    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An event.</summary>
    public static void Print(string name, Action<Utf8JsonWriter> fill) => Print(json =>
    {
        json.WriteString("event", name);
        fill(json);
    });

    public static void Print(Action<Utf8JsonWriter> fill)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            fill(json);
            json.WriteEndObject();
        }

        var line = Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
        lock (Gate)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }

    public static void Strings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    public static void Describe(this Utf8JsonWriter json, IConnection connection)
    {
        json.WriteString("peer", connection.RemotePeer.ToString());
        json.WriteString("addr", $"{connection.Remote}/p2p/{connection.RemotePeer}");
        json.WriteString("direction", connection.Direction == ConnectionDirection.Inbound ? "inbound" : "outbound");
        json.WriteString("encryption", connection.Security?.Value);
        json.WriteString("muxer", connection.Muxer?.Value);
        json.WriteBoolean("limited", connection.Limits is not null);
    }

    public static void Describe(this Utf8JsonWriter json, IdentifyInfo info)
    {
        json.WriteString("peer", info.PeerId.ToString());
        json.WriteString("agentVersion", info.AgentVersion);
        json.WriteString("protocolVersion", info.ProtocolVersion);
        json.Strings("protocols", info.Protocols.Select(p => p.Value));
        json.Strings("listenAddrs", info.ListenAddresses.Select(a => a.ToString()));
        if (info.ObservedAddress is { } observed) json.WriteString("observedAddr", observed.ToString());
        if (info.SignedRecord is { } record) json.Strings("signedRecordAddrs", record.Addresses.Select(a => a.ToString()));
    }
}
