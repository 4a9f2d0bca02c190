using System.Text.Json;

namespace Libp2p.Multiformats.Tests;

/// <summary>The public vectors, copied beside the tests; origin and licence are in the README of each folder.</summary>
internal static class Vectors
{
    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", name));

    public static JsonElement Json(string name) => JsonDocument.Parse(Text(name)).RootElement;

    public static IEnumerable<string> Strings(string name) => Json(name).EnumerateArray().Select(e => e.GetString()!);

    /// <summary>Rows of a CSV without quoting, trimmed, without the header.</summary>
    public static IEnumerable<string[]> Csv(string name, int columns) => Text(name).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
        .Select(line => line.Split(',', columns, StringSplitOptions.TrimEntries));

    public static TheoryData<string> Theory(string name) => [.. Strings(name)];
}
