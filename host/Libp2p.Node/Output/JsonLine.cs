using System.Text;
using System.Text.Json;

namespace Libp2p.Node.Output;

/// <summary>One JSON object on a line of its own.</summary>
internal static class JsonLine
{
    public static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter output, Action<Utf8JsonWriter> fill)
    {
        using var buffer = new MemoryStream();
        Write(buffer, fill);
        output.Write(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        output.Flush();
    }

    public static void Write(Stream output, Action<Utf8JsonWriter> fill)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            fill(json);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    /// <summary>What a running node answered, as a line of this program.</summary>
    public static void WriteAnswer(TextWriter output, string name, JsonElement answer) => Write(output, json =>
    {
        json.WriteString("event", name);
        foreach (var property in answer.EnumerateObject())
        {
            if (!property.NameEquals("ok")) property.WriteTo(json);
        }
    });

    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
