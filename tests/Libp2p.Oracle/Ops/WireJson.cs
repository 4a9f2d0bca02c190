using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Libp2p.Wire;

namespace Libp2p.Oracle;

/// <summary>Messages as protobuf JSON, by their descriptors. The bytes have passed the generated codec already.</summary>
internal static class WireJson
{
    /// <summary>The JSON of a message as the codec writes it: fields in order, elements of one field together.</summary>
    public static string Write(WireMessageDescriptor descriptor, ReadOnlySpan<byte> canonical)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) WriteMessage(descriptor, canonical, json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Whether the message, or one inside it, has fields that its schema lacks. A field of another wire type than the schema's is such a field.</summary>
    public static bool HasUnknown(WireMessageDescriptor descriptor, ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        while (reader.ReadTag() is var tag and not 0)
        {
            if (descriptor.Find((int)(tag >> 3)) is not { } field || !Fits(field, tag)) return true;
            if (field.Kind != WireFieldKind.Message) reader.Skip(tag);
            else if (HasUnknown(field.Message!(), reader.ReadBytes())) return true;
        }

        return false;
    }

    private static void WriteMessage(WireMessageDescriptor descriptor, ReadOnlySpan<byte> message, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WireFieldDescriptor? open = null;
        var reader = new WireReader(message);
        while (reader.ReadTag() is var tag and not 0)
        {
            if (descriptor.Find((int)(tag >> 3)) is not { } field)
            {
                reader.Skip(tag);
                continue;
            }

            if (field != open)
            {
                if (open is { Presence: WirePresence.Repeated }) json.WriteEndArray();
                json.WritePropertyName(field.JsonName);
                if (field.Presence == WirePresence.Repeated) json.WriteStartArray();
                open = field;
            }

            if (field.Presence == WirePresence.Repeated && (tag & 7) == 2 && IsScalar(field))
            {
                for (var packed = reader.EnterPacked(); !packed.End;) WriteValue(field, ref packed, json);
            }
            else
            {
                WriteValue(field, ref reader, json);
            }
        }

        if (open is { Presence: WirePresence.Repeated }) json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteValue(WireFieldDescriptor field, ref WireReader reader, Utf8JsonWriter json)
    {
        switch (field.Kind)
        {
            case WireFieldKind.Double: WriteDouble(reader.ReadDouble(), json); break;
            case WireFieldKind.Float: WriteDouble(reader.ReadFloat(), json); break;
            case WireFieldKind.Int32: json.WriteNumberValue(reader.ReadInt32()); break;
            case WireFieldKind.SInt32: json.WriteNumberValue(reader.ReadSInt32()); break;
            case WireFieldKind.SFixed32: json.WriteNumberValue(reader.ReadSFixed32()); break;
            case WireFieldKind.UInt32: json.WriteNumberValue(reader.ReadUInt32()); break;
            case WireFieldKind.Fixed32: json.WriteNumberValue(reader.ReadFixed32()); break;
            case WireFieldKind.Int64: json.WriteStringValue(reader.ReadInt64().ToString(CultureInfo.InvariantCulture)); break;
            case WireFieldKind.SInt64: json.WriteStringValue(reader.ReadSInt64().ToString(CultureInfo.InvariantCulture)); break;
            case WireFieldKind.SFixed64: json.WriteStringValue(reader.ReadSFixed64().ToString(CultureInfo.InvariantCulture)); break;
            case WireFieldKind.UInt64: json.WriteStringValue(reader.ReadUInt64().ToString(CultureInfo.InvariantCulture)); break;
            case WireFieldKind.Fixed64: json.WriteStringValue(reader.ReadFixed64().ToString(CultureInfo.InvariantCulture)); break;
            case WireFieldKind.Bool: json.WriteBooleanValue(reader.ReadBool()); break;
            case WireFieldKind.String: json.WriteStringValue(reader.ReadUtf8()); break;
            case WireFieldKind.Bytes: json.WriteBase64StringValue(reader.ReadBytes()); break;
            case WireFieldKind.Enum: WriteEnum(field, reader.ReadInt32(), json); break;
            case WireFieldKind.Message: WriteMessage(field.Message!(), reader.ReadBytes(), json); break;
        }
    }

    private static void WriteEnum(WireFieldDescriptor field, int number, Utf8JsonWriter json)
    {
        var named = field.EnumValues.FirstOrDefault(value => value.Number == number);
        if (named.Name is null) json.WriteNumberValue(number);
        else json.WriteStringValue(named.Name);
    }

    private static void WriteDouble(double value, Utf8JsonWriter json)
    {
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    private static bool IsScalar(WireFieldDescriptor field) => field.Kind is not (WireFieldKind.String or WireFieldKind.Bytes or WireFieldKind.Message);

    private static bool Fits(WireFieldDescriptor field, uint tag)
    {
        var expected = field.Kind switch
        {
            WireFieldKind.Fixed64 or WireFieldKind.SFixed64 or WireFieldKind.Double => 1u,
            WireFieldKind.Fixed32 or WireFieldKind.SFixed32 or WireFieldKind.Float => 5u,
            WireFieldKind.String or WireFieldKind.Bytes or WireFieldKind.Message => 2u,
            _ => 0u,
        };
        return (tag & 7) == expected || ((tag & 7) == 2 && field.Presence == WirePresence.Repeated && IsScalar(field));
    }
}
