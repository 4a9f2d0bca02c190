using Libp2p.Generators.Emit;
using Libp2p.Generators.Wire.Model;
using Microsoft.CodeAnalysis.Text;

namespace Libp2p.Generators.Wire.Emit;

/// <summary>Writes the code of messages. One emitter for both front ends: it sees only the model.</summary>
internal static partial class WireEmitter
{
    private const string Wire = "global::Libp2p.Wire";

    /// <summary>The file of one message and all that is nested in it.</summary>
    public static SourceText Emit(MessageModel message)
    {
        var writer = CodeWriter.File($"Wire codec of {message.FullName}, from {message.Source}.");
        if (message.Declares)
        {
            OpenNamespace(writer, message.Type.Namespace);
            EmitMessage(writer, message);
        }
        else
        {
            writer.Open(message.Type, $" : {Wire}.IWireMessage<{message.Type.FullyQualifiedName}>");
            EmitMembers(writer, message);
            writer.Close(message.Type);
        }

        return writer.ToSourceText();
    }

    /// <summary>The file of one enumeration outside of messages.</summary>
    public static SourceText Emit(EnumModel enumeration, string space, string access, string source)
    {
        var writer = CodeWriter.File($"{enumeration.ProtoName}, from {source}.");
        OpenNamespace(writer, space);
        EmitEnum(writer, enumeration, access);
        return writer.ToSourceText();
    }

    private static void OpenNamespace(CodeWriter writer, string space)
    {
        if (space.Length > 0)
        {
            writer.Line($"namespace {space};");
            writer.Blank();
        }
    }

    private static void EmitMessage(CodeWriter writer, MessageModel message)
    {
        Document(writer, message.Comment, $"Message <c>{message.FullName}</c>.");
        writer.Line(CodeWriter.GeneratedCode("Wire"));
        writer.Open($"{message.Access} sealed partial class {message.Name} : {Wire}.IWireMessage<{message.Type.FullyQualifiedName}>");
        EmitMembers(writer, message);
        writer.Close();
    }

    private static void EmitMembers(CodeWriter writer, MessageModel message)
    {
        EmitState(writer, message);
        if (message.Declares)
        {
            EmitProperties(writer, message);
        }

        EmitParse(writer, message);
        EmitMerge(writer, message);
        EmitMissing(writer, message);
        EmitSize(writer, message);
        EmitWrite(writer, message);
        EmitDescriptor(writer, message);
        EmitView(writer, message);
        foreach (var enumeration in message.Enums)
        {
            writer.Blank();
            EmitEnum(writer, enumeration, "public");
        }

        foreach (var nested in message.Messages)
        {
            writer.Blank();
            EmitMessage(writer, nested with { Access = "public" });
        }
    }

    private static void EmitEnum(CodeWriter writer, EnumModel enumeration, string access)
    {
        Document(writer, enumeration.Comment, $"Enumeration <c>{enumeration.ProtoName}</c>; open: other numbers are kept.");
        writer.Line(CodeWriter.GeneratedCode("Wire"));
        writer.Open($"{access} enum {enumeration.Name}");
        foreach (var value in enumeration.Values)
        {
            if (value.Comment.Length > 0)
            {
                writer.Summary(value.Comment);
            }

            writer.Line($"{value.CSharpName} = {value.Number},");
        }

        writer.Close();
    }

    private static void EmitDescriptor(CodeWriter writer, MessageModel message)
    {
        writer.Blank();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public static {Wire}.WireMessageDescriptor Descriptor {{ get; }} = {Wire}.WireMessageDescriptor.Create<{message.Type.FullyQualifiedName}>(");
        writer.Indent();
        writer.Line(CodeWriter.Literal(message.FullName) + (message.Fields.Count == 0 ? ", []);" : ","));
        if (message.Fields.Count > 0)
        {
            writer.Line("[");
            writer.Indent();
        }

        for (var i = 0; i < message.Fields.Count; i++)
        {
            var field = message.Fields[i];
            var more = new List<string>();
            if (field.Packed)
            {
                more.Add("Packed = true");
            }

            if (field.Oneof is not null)
            {
                more.Add($"Oneof = {CodeWriter.Literal(field.Oneof)}");
            }

            if (field.MaxLength != int.MaxValue)
            {
                more.Add($"MaxLength = {field.MaxLength}");
            }

            if (field.IsRepeated)
            {
                more.Add($"MaxCount = {field.MaxCount}");
            }

            if (field.Kind == FieldKind.Message)
            {
                // The compiler thinks of its own initializer as not run yet.
                var self = field.Type!.CSharpName == message.Type.FullyQualifiedName ? "!" : "";
                more.Add($"Message = static () => {field.Type!.CSharpName}.Descriptor{self}");
            }

            if (field.Kind == FieldKind.Enum)
            {
                more.Add("EnumValues = [" + string.Join(", ", field.Type!.Values.Select(v => $"new({CodeWriter.Literal(v.ProtoName)}, {v.Number})")) + "]");
            }

            writer.Line(
                $"new({field.Number}, {CodeWriter.Literal(field.ProtoName)}, {CodeWriter.Literal(field.JsonName)}, {Wire}.WireFieldKind.{field.Kind}, {Wire}.WirePresence.{field.Presence})"
                + (more.Count > 0 ? " { " + string.Join(", ", more) + " }" : "")
                + ",");
        }

        if (message.Fields.Count > 0)
        {
            writer.Unindent();
            writer.Line("]);");
        }

        writer.Unindent();
    }

    private static void Document(CodeWriter writer, string comment, string fallback) =>
        writer.Line($"/// <summary>{(comment.Length > 0 ? CodeWriter.Escape(comment).TrimEnd('.') + ". " : "")}{fallback}</summary>");
}
