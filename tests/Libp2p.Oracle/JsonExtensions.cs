using System.Text.Json;

namespace Libp2p.Oracle;

internal static class JsonExtensions
{
    /// <summary>Writes bytes as lower-case hex.</summary>
    public static void WriteHex(this Utf8JsonWriter writer, string name, ReadOnlySpan<byte> bytes) => writer.WriteString(name, Convert.ToHexStringLower(bytes));

    /// <summary>Writes a list of bytes as lower-case hex.</summary>
    public static void WriteHexes(this Utf8JsonWriter writer, string name, IEnumerable<byte[]> list)
    {
        writer.WriteStartArray(name);
        foreach (var bytes in list) writer.WriteStringValue(Convert.ToHexStringLower(bytes));
        writer.WriteEndArray();
    }
}
