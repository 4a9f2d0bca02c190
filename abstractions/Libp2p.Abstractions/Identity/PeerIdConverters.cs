using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Libp2p;

/// <summary>Peer ids as JSON strings, written in base58; also as property names.</summary>
public sealed class PeerIdJsonConverter : JsonConverter<PeerId>
{
    /// <inheritdoc/>
    public override PeerId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? ReadText(ref reader) : throw new JsonException("A peer id is a string.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PeerId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    /// <inheritdoc/>
    public override PeerId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadText(ref reader);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, PeerId value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());

    private static PeerId ReadText(ref Utf8JsonReader reader) =>
        PeerId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("The string is not a peer id.");
}

/// <summary>Peer ids from and to text, for configuration binding.</summary>
public sealed class PeerIdTypeConverter : TypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    /// <inheritdoc/>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? PeerId.Parse(text) : base.ConvertFrom(context, culture, value);

    /// <inheritdoc/>
    public override object? ConvertTo(ITypeDescriptorContext? context, CultureInfo? culture, object? value, Type destinationType) =>
        value is PeerId id && destinationType == typeof(string) ? id.ToString() : base.ConvertTo(context, culture, value, destinationType);
}
