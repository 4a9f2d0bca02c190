using System.Text.Json;

namespace Libp2p.Oracle;

/// <summary>The fields of a question. Bytes are hex.</summary>
internal readonly struct Question(JsonElement fields)
{
    private readonly JsonElement _fields = fields.ValueKind == JsonValueKind.Object ? fields : throw new FormatException("The question is not an object.");

    public bool Has(string name) => _fields.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public string Text(string name) => Text(Field(name), name);

    /// <summary>Bytes; none where the field is absent.</summary>
    public byte[] Bytes(string name) => Has(name) ? Convert.FromHexString(Text(name)) : [];

    /// <summary>A length: a whole number from 0 to 65,535.</summary>
    public int Length(string name) => Field(name) is { ValueKind: JsonValueKind.Number } field && field.TryGetUInt16(out var number)
        ? number
        : throw new FormatException($"'{name}' is not a length.");

    /// <summary>A list of texts; none where the field is absent.</summary>
    public string[] Texts(string name)
    {
        if (!Has(name)) return [];
        return Field(name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(item => Text(item, name))]
            : throw new FormatException($"'{name}' is not a list.");
    }

    /// <summary>A list of bytes; none where the field is absent.</summary>
    public byte[][] ByteLists(string name) => [.. Texts(name).Select(Convert.FromHexString)];

    private static string Text(JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString()! : throw new FormatException($"'{name}' is not a string.");
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException($"'{name}' has half a surrogate pair.", e);
        }
    }

    private JsonElement Field(string name) => Has(name) ? _fields.GetProperty(name) : throw new FormatException($"The question lacks '{name}'.");
}
