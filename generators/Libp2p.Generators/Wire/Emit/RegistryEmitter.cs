using Libp2p.Generators.Emit;
using Libp2p.Generators.Model;
using Microsoft.CodeAnalysis.Text;

namespace Libp2p.Generators.Wire.Emit;

/// <summary>Writes the list of all messages of a project, for tools.</summary>
internal static class RegistryEmitter
{
    public static SourceText Emit(string space, EquatableArray<string> types)
    {
        const string Descriptor = "global::Libp2p.Wire.WireMessageDescriptor";
        var writer = CodeWriter.File("Every wire message of this project.");
        writer.Line($"namespace {space};");
        writer.Blank();
        writer.Summary("Every wire message of this project, ordered by type.");
        writer.Line(CodeWriter.GeneratedCode("Wire"));
        writer.Open("internal static class WireSchemas");
        writer.Summary("The schemas.");
        writer.Line($"public static global::System.Collections.Immutable.ImmutableArray<{Descriptor}> All =>");
        writer.Line("[");
        writer.Indent();
        foreach (var type in types)
        {
            writer.Line($"{type}.Descriptor,");
        }

        writer.Unindent();
        writer.Line("];");
        writer.Close();
        return writer.ToSourceText();
    }
}
