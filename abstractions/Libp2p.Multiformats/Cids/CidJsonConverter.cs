using System.Text.Json;
using System.Text.Json.Serialization;

namespace Libp2p.Multiformats;

/// <summary>Reads and writes a <see cref="Cid"/> as a JSON string; also as property names.</summary>
public sealed class CidJsonConverter : JsonConverter<Cid>
{
    /// <inheritdoc/>
    public override Cid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? ReadText(ref reader) : throw new JsonException($"A CID is a string, not {reader.TokenType}.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Cid value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    /// <inheritdoc/>
    public override Cid ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadText(ref reader);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, Cid value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());

    private static Cid ReadText(ref Utf8JsonReader reader) => Cid.TryParse(reader.GetString(), out var cid, out var error) ? cid : throw new JsonException(error);
}
