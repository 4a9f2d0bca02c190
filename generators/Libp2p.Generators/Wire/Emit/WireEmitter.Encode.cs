using Libp2p.Generators.Emit;
using Libp2p.Generators.Wire.Model;

namespace Libp2p.Generators.Wire.Emit;

internal static partial class WireEmitter
{
    private static void EmitSize(CodeWriter writer, MessageModel message)
    {
        writer.Blank();
        writer.Line("/// <inheritdoc/>");
        writer.Open("public int GetSize()");
        writer.Line(message.RetainUnknown ? "var size = _unknown?.Length ?? 0;" : "var size = 0;");
        foreach (var field in message.WriteOrder)
        {
            if (!field.IsRepeated)
            {
                OpenIfSet(writer, field);
                writer.Line($"size += {field.TagSize} + {Size(field, Value(field))};");
                CloseIfSet(writer, field);
                continue;
            }

            var list = List(message, field);
            if (field.Packed)
            {
                writer.Open($"if ({list} is {{ Count: > 0 }})");
                writer.Line($"size += {field.TagSize} + {Wire}.WireSize.Bytes({field.Property}PackedSize());");
                writer.Close();
            }
            else
            {
                writer.Open($"if ({list} is not null)");
                if (FixedSize(field) is { } size)
                {
                    writer.Line($"size += {list}.Count * {field.TagSize + size};");
                }
                else
                {
                    writer.Open($"foreach (var item in {list})");
                    writer.Line($"size += {field.TagSize} + {Size(field, "item")};");
                    writer.Close();
                }

                writer.Close();
            }

            writer.Blank();
        }

        writer.Line("return size;");
        writer.Close();
        foreach (var field in message.Fields.Where(static f => f.Packed))
        {
            var list = List(message, field);
            writer.Blank();
            if (FixedSize(field) is { } size)
            {
                writer.Line($"private int {field.Property}PackedSize() => {list}!.Count * {size};");
                continue;
            }

            writer.Open($"private int {field.Property}PackedSize()");
            writer.Line("var size = 0;");
            writer.Open($"foreach (var item in {list}!)");
            writer.Line($"size += {Size(field, "item")};");
            writer.Close();
            writer.Blank();
            writer.Line("return size;");
            writer.Close();
        }
    }

    private static void EmitWrite(CodeWriter writer, MessageModel message)
    {
        writer.Blank();
        writer.Lines(
            $$"""
            /// <inheritdoc/>
            public int Write(global::System.Span<byte> destination)
            {
                var writer = new {{Wire}}.WireWriter(destination);
                Write(ref writer);
                return writer.Written;
            }

            /// <inheritdoc/>
            """);
        writer.Open($"public void Write(ref {Wire}.WireWriter writer)");
        foreach (var field in message.WriteOrder)
        {
            if (!field.IsRepeated)
            {
                OpenIfSet(writer, field);
                writer.Line($"writer.WriteTag({field.Tag});");
                WriteValue(writer, field, Value(field));
                CloseIfSet(writer, field);
                continue;
            }

            var list = List(message, field);
            writer.Open(field.Packed ? $"if ({list} is {{ Count: > 0 }})" : $"if ({list} is not null)");
            if (field.Packed)
            {
                writer.Line($"writer.WriteTag({field.PackedTag});");
                writer.Line($"writer.WriteVarint((uint){field.Property}PackedSize());");
            }

            writer.Open($"foreach (var item in {list})");
            if (!field.Packed)
            {
                writer.Line($"writer.WriteTag({field.Tag});");
            }

            WriteValue(writer, field, "item");
            writer.Close();
            writer.Close();
            writer.Blank();
        }

        if (message.RetainUnknown)
        {
            writer.Line("writer.WriteRaw(_unknown);");
        }

        writer.Close();
    }

    private static void OpenIfSet(CodeWriter writer, FieldModel field)
    {
        if (Condition(field) is { } condition)
        {
            writer.Open($"if ({condition})");
        }
    }

    private static void CloseIfSet(CodeWriter writer, FieldModel field)
    {
        if (Condition(field) is not null)
        {
            writer.Close();
            writer.Blank();
        }
    }

    /// <summary>When a singular field is written; null for always.</summary>
    private static string? Condition(FieldModel field)
    {
        var name = "this." + field.Property;
        return (field.Presence, field.Kind) switch
        {
            (_, FieldKind.Message) => $"{name} is not null",
            (Presence.Required, _) => null,
            (Presence.Explicit, FieldKind.String) => $"{name} is not null",
            (Presence.Explicit, _) => $"{name}.HasValue",
            (_, FieldKind.String) => $"!string.IsNullOrEmpty({name})",
            (_, FieldKind.Bytes) => $"!{name}.IsEmpty",
            (_, FieldKind.Bool) => name,
            (_, FieldKind.Float) => $"global::System.BitConverter.SingleToInt32Bits({name}) != 0",
            (_, FieldKind.Double) => $"global::System.BitConverter.DoubleToInt64Bits({name}) != 0",
            _ => $"{name} != 0",
        };
    }

    private static string Value(FieldModel field)
    {
        var name = "this." + field.Property;
        return field.Presence == Presence.Explicit && !IsReference(field) ? name + ".Value" : name;
    }

    private static int? FixedSize(FieldModel field) => field.WireType switch
    {
        1 => 8,
        5 => 4,
        _ => field.Kind == FieldKind.Bool ? 1 : null,
    };

    private static string Size(FieldModel field, string value) => field.Kind switch
    {
        _ when FixedSize(field) is { } size => size.ToString(System.Globalization.CultureInfo.InvariantCulture),
        FieldKind.String => $"{Wire}.WireSize.String({value})",
        FieldKind.Bytes => $"{Wire}.WireSize.Bytes({value}.Length)",
        FieldKind.Message => $"{Wire}.WireSize.Bytes({value}.GetSize())",
        FieldKind.Enum => $"{Wire}.WireSize.Int32((int){value})",
        _ => $"{Wire}.WireSize.{field.Kind}({value})",
    };

    private static void WriteValue(CodeWriter writer, FieldModel field, string value)
    {
        switch (field.Kind)
        {
            case FieldKind.Bytes:
                writer.Line($"writer.WriteBytes({value}.Span);");
                break;
            case FieldKind.Enum:
                writer.Line($"writer.WriteInt32((int){value});");
                break;
            case FieldKind.Message:
                writer.Line($"writer.WriteVarint((uint){value}.GetSize());");
                writer.Line($"{value}.Write(ref writer);");
                break;
            default:
                writer.Line($"writer.Write{field.Kind}({value});");
                break;
        }
    }
}
