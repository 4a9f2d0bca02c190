using Libp2p.Generators.Emit;
using Libp2p.Generators.Wire.Model;
using Libp2p.Generators.Wire.Proto;

namespace Libp2p.Generators.Wire.Emit;

internal static partial class WireEmitter
{
    /// <summary>The C# type of one value.</summary>
    private static string ValueType(FieldModel field) => field.Kind switch
    {
        FieldKind.Double => "double",
        FieldKind.Float => "float",
        FieldKind.Int32 or FieldKind.SInt32 or FieldKind.SFixed32 => "int",
        FieldKind.Int64 or FieldKind.SInt64 or FieldKind.SFixed64 => "long",
        FieldKind.UInt32 or FieldKind.Fixed32 => "uint",
        FieldKind.UInt64 or FieldKind.Fixed64 => "ulong",
        FieldKind.Bool => "bool",
        FieldKind.String => "string",
        FieldKind.Bytes => "global::System.ReadOnlyMemory<byte>",
        _ => field.Type!.CSharpName,
    };

    private static string ListType(FieldModel field) => $"global::System.Collections.Generic.List<{ValueType(field)}>";

    private static bool IsReference(FieldModel field) => field.Kind is FieldKind.String or FieldKind.Message;

    /// <summary>How the code that reads and writes gets at a repeated field: null when it is empty and was never touched.</summary>
    private static string List(MessageModel message, FieldModel field) =>
        message.Declares ? ProtoNames.Field(field.Property) : "this." + field.Property;

    /// <summary>The bits that remember which required fields were met.</summary>
    private static string BitsType(int count) => count <= 32 ? "uint" : "ulong";

    private static string Bit(int index) => $"0x{1UL << index:x}u" + (index >= 32 ? "l" : "");

    private static string Mask(IEnumerable<int> indices)
    {
        var mask = indices.Aggregate(0UL, static (all, index) => all | (1UL << index));
        return $"0x{mask:x}u" + (mask > uint.MaxValue ? "l" : "");
    }

    private static void EmitState(CodeWriter writer, MessageModel message)
    {
        if (message.Declares)
        {
            foreach (var field in message.Fields.Where(static f => f.IsRepeated))
            {
                writer.Line($"private {ListType(field)}? {ProtoNames.Field(field.Property)};");
            }

            foreach (var field in message.Fields.Where(static f => f.Oneof is not null))
            {
                writer.Line($"private {ValueType(field)}? {ProtoNames.Field(field.Property)};");
            }
        }

        var required = message.Required.Count();
        if (required > 0)
        {
            writer.Line("// One bit a required field, set once it was met while decoding.");
            writer.Line($"private {BitsType(required)} _met;");
        }

        if (message.RetainUnknown)
        {
            writer.Line("// Fields that the schema lacks, as they came: written again behind the others.");
            writer.Line("private byte[]? _unknown;");
        }
    }

    private static void EmitProperties(CodeWriter writer, MessageModel message)
    {
        foreach (var field in message.Fields)
        {
            writer.Blank();
            Document(writer, field.Comment, Describe(field));
            if (field.IsRepeated)
            {
                var name = ProtoNames.Field(field.Property);
                writer.Open($"public {ListType(field)} {field.Property}");
                writer.Line($"get => {name} ??= [];");
                writer.Line($"set => {name} = value;");
                writer.Close();
            }
            else if (field.Oneof is not null)
            {
                var name = ProtoNames.Field(field.Property);
                writer.Open($"public {ValueType(field)}? {field.Property}");
                writer.Line($"get => {name};");
                writer.Open("set");
                writer.Open("if (value is not null)");
                foreach (var other in message.Fields.Where(f => f.Oneof == field.Oneof && f != field))
                {
                    writer.Line($"{ProtoNames.Field(other.Property)} = null;");
                }

                writer.Close();
                writer.Blank();
                writer.Line($"{name} = value;");
                writer.Close();
                writer.Close();
            }
            else if (field.Presence == Presence.Explicit || field.Kind == FieldKind.Message)
            {
                writer.Line($"public {ValueType(field)}? {field.Property} {{ get; set; }}");
            }
            else
            {
                writer.Line($"public {ValueType(field)} {field.Property} {{ get; set; }}{(field.Kind == FieldKind.String ? " = \"\";" : "")}");
            }
        }

        foreach (var oneof in message.Oneofs)
        {
            var members = message.Fields.Where(f => f.Oneof == oneof).ToArray();
            var name = ProtoNames.Pascal(oneof);
            writer.Blank();
            writer.Summary($"Which field of the oneof is set.");
            writer.Line($"public {name}OneofCase {name}Case =>");
            writer.Indent();
            foreach (var member in members)
            {
                writer.Line($"{ProtoNames.Field(member.Property)} is not null ? {name}OneofCase.{member.Property} :");
            }

            writer.Line($"{name}OneofCase.None;");
            writer.Unindent();
            writer.Blank();
            writer.Summary($"The fields of the oneof, by their numbers.");
            writer.Open($"public enum {name}OneofCase");
            writer.Line("None = 0,");
            foreach (var member in members)
            {
                writer.Line($"{member.Property} = {member.Number},");
            }

            writer.Close();
        }
    }

    private static string Describe(FieldModel field)
    {
        var kind = field.Kind is FieldKind.Enum or FieldKind.Message ? field.Type!.ProtoName : field.Kind.ToString().ToLowerInvariant();
        var text = $"Field {field.Number}, {(field.Presence == Presence.Implicit ? "" : field.Presence == Presence.Explicit ? "optional " : field.Presence.ToString().ToLowerInvariant() + " ")}{kind}";
        if (field.IsRepeated)
        {
            text += $", at most {field.MaxCount}";
        }

        if (field.MaxLength != int.MaxValue)
        {
            text += field.IsRepeated ? $" of at most {field.MaxLength} bytes" : $", at most {field.MaxLength} bytes";
        }

        return text + ".";
    }
}
