using System.Text.Json;
using System.Text.Json.Serialization;

namespace Libp2p.Multiformats;

/// <summary>Reads and writes a <see cref="Multiaddr"/> as a JSON string.</summary>
public sealed class MultiaddrJsonConverter : JsonConverter<Multiaddr>
{
    /// <inheritdoc/>
    public override Multiaddr Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"A multiaddr is a string, not {reader.TokenType}.");
        }

        return Multiaddr.TryParse(reader.GetString(), out var address, out var error) ? address : throw new JsonException(error);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Multiaddr value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    /// <inheritdoc/>
    public override Multiaddr ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Multiaddr.TryParse(reader.GetString(), out var address, out var error) ? address : throw new JsonException(error);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, Multiaddr value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());
}
