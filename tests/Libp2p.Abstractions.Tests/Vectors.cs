using System.Text.Json;

namespace Libp2p.Tests;

/// <summary>The public vectors under tests/vectors, copied beside the test program.</summary>
internal static class Vectors
{
    public static byte[] Bytes(string path) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", path));

    public static JsonElement Json(string path) => JsonDocument.Parse(Bytes(path)).RootElement;

    public static byte[] Hex(this JsonElement element, string property) => Convert.FromHexString(element.GetProperty(property).GetString()!);

    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;
}
