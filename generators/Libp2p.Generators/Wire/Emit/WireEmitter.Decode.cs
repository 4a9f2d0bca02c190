using Libp2p.Generators.Emit;
using Libp2p.Generators.Wire.Model;

namespace Libp2p.Generators.Wire.Emit;

internal static partial class WireEmitter
{
    private static void EmitParse(CodeWriter writer, MessageModel message)
    {
        var type = message.Type.FullyQualifiedName;
        writer.Blank();
        writer.Lines(
            $$"""
            /// <summary>Most bytes of a message: {{message.MaxSize}}.</summary>
            public static int MaxSize => {{message.MaxSize}};

            /// <inheritdoc/>
            public static {{type}} Parse(global::System.ReadOnlySpan<byte> message) =>
                TryParse(message, out var value, out var error)
                    ? value
                    : throw new {{Wire}}.WireFormatException(error, {{CodeWriter.Literal(message.FullName)}});

            /// <inheritdoc/>
            public static bool TryParse(
                global::System.ReadOnlySpan<byte> message,
                [global::System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out {{type}}? value,
                out {{Wire}}.WireError error)
            {
                value = null;
                if (message.Length > MaxSize)
                {
                    error = {{Wire}}.WireError.MessageTooLarge;
                    return false;
                }

                var reader = new {{Wire}}.WireReader(message, {{message.MaxDepth}});
                var parsed = new {{type}}();
                parsed.Merge(ref reader);
                error = reader.Error;
            """);
        writer.Indent();
        if (message.HasRequired)
        {
            writer.Open($"if (error == {Wire}.WireError.None && !parsed.IsComplete)");
            writer.Line($"error = {Wire}.WireError.MissingRequiredField;");
            writer.Close();
            writer.Blank();
        }

        writer.Open($"if (error != {Wire}.WireError.None)");
        writer.Line("return false;");
        writer.Close();
        writer.Blank();
        writer.Line("value = parsed;");
        writer.Line("return true;");
        writer.Unindent();
        writer.Line("}");
    }

    private static void EmitMerge(CodeWriter writer, MessageModel message)
    {
        writer.Blank();
        writer.Line("/// <inheritdoc/>");
        writer.Open($"public void Merge(ref {Wire}.WireReader reader)");
        writer.Open("while (reader.ReadTag() is var tag and not 0)");
        writer.Open("switch (tag)");
        foreach (var field in message.Fields)
        {
            writer.Line($"case {field.Tag}: // {field.ProtoName} = {field.Number}");
            writer.Indent();
            EmitMergeField(writer, message, field);
            writer.Line("break;");
            writer.Unindent();
            if (field.IsRepeated && !field.IsLengthDelimited)
            {
                writer.Line($"case {field.PackedTag}: // {field.ProtoName} = {field.Number}, packed");
                writer.Open("");
                EmitMergePacked(writer, message, field);
                writer.Line("break;");
                writer.Close();
            }
        }

        writer.Line("default:");
        writer.Indent();
        writer.Line(message.RetainUnknown ? "_unknown = reader.Keep(tag, _unknown);" : "reader.Skip(tag);");
        writer.Line("break;");
        writer.Unindent();
        writer.Close();
        writer.Close();
        writer.Close();
    }

    private static void EmitMergeField(CodeWriter writer, MessageModel message, FieldModel field)
    {
        var target = "this." + field.Property;
        if (field.IsRepeated)
        {
            var list = List(message, field);
            var create = field.CanReplaceList ? $"({list} ??= [])" : list;
            writer.Open($"if (reader.Admit({list}{(field.CanReplaceList ? "?.Count ?? 0" : ".Count")}, {field.MaxCount}))");
            if (field.Kind == FieldKind.Message)
            {
                writer.Line($"var inner = reader.Enter({Length(field)});");
                writer.Line($"var item = new {field.Type!.CSharpName}();");
                writer.Line("item.Merge(ref inner);");
                writer.Line("reader.Leave(inner);");
                writer.Line($"{create}.Add(item);");
            }
            else
            {
                writer.Line($"{create}.Add({ReadValue(field, "reader")});");
            }

            writer.Close();
            writer.Blank();
            return;
        }

        if (field.Kind == FieldKind.Message)
        {
            writer.Line("{");
            writer.Indent();
            writer.Line($"var inner = reader.Enter({Length(field)});");
            writer.Line($"({target} ??= new {field.Type!.CSharpName}()).Merge(ref inner);");
            writer.Line("reader.Leave(inner);");
            writer.Close();
            writer.Blank();
        }
        else
        {
            writer.Line($"{target} = {ReadValue(field, "reader")};");
        }

        if (field.Presence == Presence.Required)
        {
            writer.Line($"_met |= {Bit(message.Required.ToList().IndexOf(field))};");
        }

        if (field.Oneof is not null && !message.Declares)
        {
            foreach (var other in message.Fields.Where(f => f.Oneof == field.Oneof && f != field))
            {
                writer.Line($"this.{other.Property} = null;");
            }
        }
    }

    private static void EmitMergePacked(CodeWriter writer, MessageModel message, FieldModel field)
    {
        var list = List(message, field);
        var create = field.CanReplaceList ? $"({list} ??= [])" : list;
        writer.Line("var packed = reader.EnterPacked();");
        writer.Open($"while (!packed.End && packed.Admit({list}{(field.CanReplaceList ? "?.Count ?? 0" : ".Count")}, {field.MaxCount}))");
        writer.Line($"{create}.Add({ReadValue(field, "packed")});");
        writer.Close();
        writer.Blank();
        writer.Line("reader.Leave(packed);");
    }

    /// <summary>Required fields are checked after everything was merged: a submessage may come in pieces that are incomplete alone.</summary>
    private static void EmitMissing(CodeWriter writer, MessageModel message)
    {
        if (!message.HasRequired)
        {
            return;
        }

        var conditions = new List<string>();
        var required = message.Required.ToList();
        if (required.Count > 0)
        {
            var mask = Mask(Enumerable.Range(0, required.Count));
            conditions.Add($"(_met & {mask}) == {mask}");
        }

        foreach (var field in message.Fields.Where(static f => f.Type is { HasRequired: true }))
        {
            conditions.Add(field.IsRepeated
                ? $"({List(message, field)} is null || {List(message, field)}.TrueForAll(static item => item.IsComplete))"
                : $"this.{field.Property} is null or {{ IsComplete: true }}");
        }

        writer.Blank();
        writer.Summary("Whether every required field was met while decoding.");
        writer.Line("internal bool IsComplete =>");
        writer.Indent();
        for (var i = 0; i < conditions.Count; i++)
        {
            writer.Line((i > 0 ? "&& " : "") + conditions[i] + (i == conditions.Count - 1 ? ";" : ""));
        }

        writer.Unindent();
    }

    private static string Length(FieldModel field) => field.MaxLength == int.MaxValue ? "" : field.MaxLength.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string ReadValue(FieldModel field, string reader) => field.Kind switch
    {
        FieldKind.String => $"{reader}.ReadString({Length(field)})",
        FieldKind.Bytes => $"{reader}.ReadBytes({Length(field)}).ToArray()",
        FieldKind.Enum => $"({field.Type!.CSharpName}){reader}.ReadInt32()",
        _ => $"{reader}.Read{field.Kind}()",
    };
}
