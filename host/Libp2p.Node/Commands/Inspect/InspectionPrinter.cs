using System.Globalization;
using System.Text.Json;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Inspect;

/// <summary>An inspection as a person, or a program, reads it.</summary>
internal static class InspectionPrinter
{
    /// <summary>Bytes of a part that a line shows; of longer ones the first.</summary>
    private const int ShownBytes = 12;

    private const int MaxText = 400;

    public static void Print(Inspection inspection, bool json, TextWriter output)
    {
        if (json)
        {
            JsonLine.Write(output, writer => WriteJson(writer, inspection));
            return;
        }

        output.WriteLine($"{inspection.Kind}  {Clean(inspection.Text)}");
        if (inspection.Parts.Count > 0)
        {
            output.WriteLine();
            var width = inspection.Parts.Max(part => WidthOf(part, 0));
            foreach (var part in inspection.Parts) Print(part, 0, width, output);
        }

        output.WriteLine();
        foreach (var note in inspection.Notes) output.WriteLine(Clean(note));
    }

    private static void Print(Part part, int depth, int width, TextWriter output)
    {
        var name = new string(' ', 2 * depth) + part.Name;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{part.Offset,5}  {Hex(part.Bytes.Span),-26}  {name.PadRight(width)}  {Clean(part.Value)}").TrimEnd());
        foreach (var inner in part.Parts) Print(inner, depth + 1, width, output);
    }

    private static int WidthOf(Part part, int depth) => part.Parts.Select(inner => WidthOf(inner, depth + 1)).Append((2 * depth) + part.Name.Length).Max();

    private static string Hex(ReadOnlySpan<byte> bytes) => bytes.Length <= ShownBytes ? Convert.ToHexStringLower(bytes) : $"{Convert.ToHexStringLower(bytes[..ShownBytes])}…";

    private static string Clean(string text) => TerminalText.Clean(text, MaxText);

    private static void WriteJson(Utf8JsonWriter json, Inspection inspection)
    {
        json.WriteString("event", "inspection");
        json.WriteString("kind", inspection.Kind);
        json.WriteString("text", inspection.Text);
        if (!inspection.Bytes.IsEmpty) json.WriteString("bytes", Convert.ToHexStringLower(inspection.Bytes.Span));
        WriteParts(json, inspection.Parts);
        json.WriteStrings("notes", inspection.Notes);
    }

    private static void WriteParts(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        if (parts.Count == 0) return;
        json.WriteStartArray("parts");
        foreach (var part in parts)
        {
            json.WriteStartObject();
            json.WriteString("name", part.Name);
            if (part.Value.Length > 0) json.WriteString("value", part.Value);
            json.WriteNumber("offset", part.Offset);
            json.WriteString("bytes", Convert.ToHexStringLower(part.Bytes.Span));
            WriteParts(json, part.Parts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
