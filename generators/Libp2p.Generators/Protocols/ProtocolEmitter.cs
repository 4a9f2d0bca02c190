using System.Text;
using Libp2p.Generators.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Libp2p.Generators.Protocols;

/// <summary>Writes the members that carry a type's protocol ids.</summary>
internal static class ProtocolEmitter
{
    private const string Id = "global::Libp2p.ProtocolId";
    private const string Ids = $"global::System.Collections.Immutable.ImmutableArray<{Id}>";

    public static SourceText Emit(ProtocolModel model)
    {
        var writer = CodeWriter.File($"Protocol ids of {model.Type.HintName}.");
        writer.Open(model.Type);
        if (model.Ids.Count == 1)
        {
            writer.Line($"/// <summary><c>{CodeWriter.Escape(model.Ids[0])}</c>, with its multistream-select line.</summary>");
            writer.Line(CodeWriter.GeneratedCode("Protocols"));
            writer.Line($"public static {Id} ProtocolId {{ get; }} = {Construct(model.Ids[0])};");
            writer.Blank();
            writer.Summary("The one id.");
            writer.Line(CodeWriter.GeneratedCode("Protocols"));
            writer.Line($"public static {Ids} ProtocolIds {{ get; }} = [ProtocolId];");
        }
        else
        {
            writer.Summary("The ids in the order of their attributes, with their multistream-select lines.");
            writer.Line(CodeWriter.GeneratedCode("Protocols"));
            writer.Line($"public static {Ids} ProtocolIds {{ get; }} =");
            writer.Line("[");
            writer.Indent();
            foreach (var id in model.Ids)
            {
                writer.Line($"{Construct(id)},");
            }

            writer.Unindent();
            writer.Line("];");
        }

        if (model.NeedsProtocols)
        {
            writer.Blank();
            writer.Line("/// <inheritdoc/>");
            writer.Line(CodeWriter.GeneratedCode("Protocols"));
            writer.Line($"public {Ids} Protocols => ProtocolIds;");
        }

        if (model.NeedsProtocol)
        {
            writer.Blank();
            writer.Line("/// <inheritdoc/>");
            writer.Line(CodeWriter.GeneratedCode("Protocols"));
            writer.Line($"public {Id} Protocol => ProtocolId;");
        }

        writer.Close(model.Type);
        return writer.ToSourceText();
    }

    /// <summary>The id with its line as constant data: the length as a varint, the id, a newline.</summary>
    private static string Construct(string id)
    {
        var length = Encoding.UTF8.GetByteCount(id) + 1;
        var line = length < 0x80
            ? $"\"\\u{length:x4}\"u8 + {CodeWriter.Literal(id + "\n")}u8"
            : "[" + string.Join(", ", Bytes(id, length).Select(static b => $"0x{b:x2}")) + "]";
        return $"{Id}.FromLine({CodeWriter.Literal(id)}, {line})";
    }

    private static IEnumerable<byte> Bytes(string id, int length) =>
        new[] { (byte)(length | 0x80), (byte)(length >> 7) }.Concat(Encoding.UTF8.GetBytes(id + "\n"));
}
