using Libp2p.Generators.Emit;
using Libp2p.Generators.Wire.Model;
using Libp2p.Generators.Wire.Proto;

namespace Libp2p.Generators.Wire.Emit;

internal static partial class WireEmitter
{
    private const string Span = "global::System.ReadOnlySpan<byte>";

    private static void EmitView(CodeWriter writer, MessageModel message)
    {
        // Fields whose presence a bit remembers: all singular ones but those where absent and zero are the same.
        var tracked = message.Fields.Where(static f => f.Presence is Presence.Explicit or Presence.Required).ToList();
        var repeated = message.Fields.Where(static f => f.IsRepeated).ToList();
        writer.Blank();
        writer.Lines(
            $$"""
            /// <summary>
            /// <c>{{message.FullName}}</c> read in place, without allocating: fields are spans into the bytes of the message, which must stay as they are.
            /// Strings are UTF-8. Accepts what the owning type accepts, but for submessages that come in pieces.
            /// </summary>
            """);
        writer.Open($"public readonly ref struct View : {Wire}.IWireView<View>");
        if (repeated.Count > 0)
        {
            writer.Line($"private readonly {Span} _message;");
        }

        if (tracked.Count > 0)
        {
            writer.Line($"private readonly {BitsType(tracked.Count)} _has;");
        }

        foreach (var field in message.Fields)
        {
            writer.Line(field.IsRepeated
                ? $"private readonly int {ProtoNames.Count(field.Property)};"
                : $"private readonly {ViewStorage(field)} {ProtoNames.Field(field.Property)};");
        }

        EmitViewConstructor(writer, message, tracked);
        foreach (var field in message.Fields)
        {
            EmitViewProperty(writer, message, field, tracked);
        }

        var unknownSize = message.MaxSize;
        writer.Blank();
        writer.Lines(
            $$"""
            /// <summary>Checks a message and everything inside it, and finds its fields.</summary>
            /// <exception cref="{{Wire}}.WireFormatException">The bytes are not such a message, or exceed a declared limit.</exception>
            public static View Parse({{Span}} message) =>
                TryParse(message, out var view, out var error)
                    ? view
                    : throw new {{Wire}}.WireFormatException(error, {{CodeWriter.Literal(message.FullName)}});

            /// <inheritdoc/>
            public static bool TryParse({{Span}} message, out View view, out {{Wire}}.WireError error)
            {
                if (message.Length > {{unknownSize}})
                {
                    view = default;
                    error = {{Wire}}.WireError.MessageTooLarge;
                    return false;
                }

                view = new View(message, {{message.MaxDepth}}, out error);
                return error == {{Wire}}.WireError.None;
            }

            /// <inheritdoc/>
            public static View Read({{Span}} message) => new(message, {{Wire}}.WireLimits.Depth, out _);

            /// <inheritdoc/>
            public static void Check(scoped {{Span}} message, ref {{Wire}}.WireReader outer)
            {
                _ = new View(message, outer.Depth - 1, out var error);
                if (error != {{Wire}}.WireError.None)
                {
                    outer.Fail(error);
                }
            }
            """);
        writer.Close();
    }

    private static void EmitViewConstructor(CodeWriter writer, MessageModel message, List<FieldModel> tracked)
    {
        writer.Blank();
        writer.Open($"private View({Span} message, int depth, out {Wire}.WireError error)");
        if (message.Fields.Any(static f => f.IsRepeated))
        {
            writer.Line("_message = message;");
        }

        writer.Line($"var reader = new {Wire}.WireReader(message, depth);");
        writer.Open("while (reader.ReadTag() is var tag and not 0)");
        writer.Open("switch (tag)");
        foreach (var field in message.Fields)
        {
            writer.Line($"case {field.Tag}: // {field.ProtoName} = {field.Number}");
            writer.Indent();
            EmitViewField(writer, message, field, tracked);
            writer.Line("break;");
            writer.Unindent();
            if (field.IsRepeated && !field.IsLengthDelimited)
            {
                var count = ProtoNames.Count(field.Property);
                writer.Line($"case {field.PackedTag}: // {field.ProtoName} = {field.Number}, packed");
                writer.Open("");
                writer.Line("var packed = reader.EnterPacked();");
                writer.Open($"while (!packed.End && packed.Admit({count}, {field.MaxCount}))");
                writer.Line($"{PassValue(field, "packed")};");
                writer.Line($"{count}++;");
                writer.Close();
                writer.Blank();
                writer.Line("reader.Leave(packed);");
                writer.Line("break;");
                writer.Close();
            }
        }

        writer.Line("default:");
        writer.Indent();
        writer.Line("reader.Skip(tag);");
        writer.Line("break;");
        writer.Unindent();
        writer.Close();
        writer.Close();
        writer.Blank();
        writer.Line("error = reader.Error;");
        var required = tracked.Where(static f => f.Presence == Presence.Required).Select(f => tracked.IndexOf(f)).ToArray();
        if (required.Length > 0)
        {
            var mask = Mask(required);
            writer.Open($"if (error == {Wire}.WireError.None && (_has & {mask}) != {mask})");
            writer.Line($"error = {Wire}.WireError.MissingRequiredField;");
            writer.Close();
        }

        writer.Close();
    }

    private static void EmitViewField(CodeWriter writer, MessageModel message, FieldModel field, List<FieldModel> tracked)
    {
        var name = ProtoNames.Field(field.Property);
        if (field.IsRepeated)
        {
            var count = ProtoNames.Count(field.Property);
            writer.Open($"if (reader.Admit({count}, {field.MaxCount}))");
            writer.Line(field.Kind == FieldKind.Message
                ? $"{field.Type!.CSharpName}.View.Check(reader.ReadBytes({Length(field)}), ref reader);"
                : $"{PassValue(field, "reader")};");
            writer.Line($"{count}++;");
            writer.Close();
            writer.Blank();
            return;
        }

        var bit = tracked.IndexOf(field);
        if (field.Kind == FieldKind.Message)
        {
            writer.Open($"if ((_has & {Bit(bit)}) != 0)");
            writer.Line($"reader.Fail({Wire}.WireError.SplitMessage);");
            writer.Line("break;");
            writer.Close();
            writer.Blank();
            writer.Line($"{name} = reader.ReadBytes({Length(field)});");
            writer.Line($"{field.Type!.CSharpName}.View.Check({name}, ref reader);");
        }
        else
        {
            writer.Line($"{name} = {ScanValue(field, "reader")};");
        }

        if (bit < 0)
        {
            return;
        }

        if (field.Oneof is null)
        {
            writer.Line($"_has |= {Bit(bit)};");
        }
        else
        {
            var all = Mask(message.Fields.Where(f => f.Oneof == field.Oneof).Select(f => tracked.IndexOf(f)));
            writer.Line($"_has = (_has & ~{all}) | {Bit(bit)};");
        }
    }

    private static void EmitViewProperty(CodeWriter writer, MessageModel message, FieldModel field, List<FieldModel> tracked)
    {
        var name = ProtoNames.Field(field.Property);
        writer.Blank();
        Document(writer, field.Comment, Describe(field));
        if (field.IsRepeated)
        {
            var count = ProtoNames.Count(field.Property);
            writer.Line(field.Kind switch
            {
                FieldKind.Message =>
                    $"public {Wire}.WireViewSequence<{field.Type!.CSharpName}.View> {field.Property} => new(_message, {field.Tag}, {count});",
                FieldKind.String or FieldKind.Bytes =>
                    $"public {Wire}.WireBytesSequence {field.Property} => new(_message, {field.Tag}, {count});",
                FieldKind.Enum =>
                    $"public {Wire}.WireScalarSequence<{ValueType(field)}, {Wire}.WireScalar.Enum<{ValueType(field)}>> {field.Property} => new(_message, {field.Number}, {count});",
                _ =>
                    $"public {Wire}.WireScalarSequence<{ValueType(field)}, {Wire}.WireScalar.{field.Kind}> {field.Property} => new(_message, {field.Number}, {count});",
            });
            return;
        }

        var bit = tracked.IndexOf(field);
        var value = field.Kind == FieldKind.Message ? $"{field.Type!.CSharpName}.View.Read({name})" : name;
        var type = field.Kind == FieldKind.Message ? $"{field.Type!.CSharpName}.View" : ViewStorage(field);
        writer.Line(field.Oneof is not null
            ? $"public {type} {field.Property} => Has{field.Property} ? {value} : default;"
            : $"public {type} {field.Property} => {value};");
        if (bit >= 0 && field.Presence != Presence.Required)
        {
            writer.Blank();
            writer.Summary($"Whether {field.Property} is there.");
            writer.Line($"public bool Has{field.Property} => (_has & {Bit(bit)}) != 0;");
        }
    }

    private static string ViewStorage(FieldModel field) => field.IsLengthDelimited ? Span : ValueType(field);

    private static string ScanValue(FieldModel field, string reader) => field.Kind switch
    {
        FieldKind.String => $"{reader}.ReadUtf8({Length(field)})",
        FieldKind.Bytes => $"{reader}.ReadBytes({Length(field)})",
        FieldKind.Enum => $"({field.Type!.CSharpName}){reader}.ReadInt32()",
        _ => $"{reader}.Read{field.Kind}()",
    };

    /// <summary>Reads a value only to check it.</summary>
    private static string PassValue(FieldModel field, string reader) =>
        field.Kind == FieldKind.Enum ? $"{reader}.ReadInt32()" : ScanValue(field, reader);
}
