using System.Text.Json;

namespace Libp2p.Oracle;

/// <summary>The fields of a question. Bytes are hex.</summary>
internal readonly struct Question(JsonElement fields)
{
    private readonly JsonElement _fields = fields.ValueKind == JsonValueKind.Object ? fields : throw new FormatException("The question is not an object.");

    public bool Has(string name) => _fields.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public string Text(string name) => Field(name).ValueKind == JsonValueKind.String
        ? Field(name).GetString()!
        : throw new FormatException($"'{name}' is not a string.");

    /// <summary>Bytes; none where the field is absent.</summary>
    public byte[] Bytes(string name) => Has(name) ? Convert.FromHexString(Text(name)) : [];

    public int Number(string name) => Field(name).TryGetInt32(out var number) ? number : throw new FormatException($"'{name}' is not a number.");

    /// <summary>A list of texts; none where the field is absent.</summary>
    public string[] Texts(string name) => Has(name) ? [.. Field(name).EnumerateArray().Select(item => item.GetString() ?? "")] : [];

    /// <summary>A list of bytes; none where the field is absent.</summary>
    public byte[][] ByteLists(string name) => [.. Texts(name).Select(Convert.FromHexString)];

    private JsonElement Field(string name) => Has(name) ? _fields.GetProperty(name) : throw new FormatException($"The question lacks '{name}'.");
}
