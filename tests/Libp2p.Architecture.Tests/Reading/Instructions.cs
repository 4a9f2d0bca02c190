using System.Buffers.Binary;
using System.Reflection.Emit;

namespace Libp2p.Architecture.Tests.Reading;

/// <summary>Walks the instructions of a method (ECMA-335, III) for the members they name.</summary>
internal static class Instructions
{
    private static readonly Dictionary<int, OpCode> Known = typeof(OpCodes).GetFields()
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => (int)(ushort)code.Value);

    /// <summary>The tokens of methods, fields and members that the code names.</summary>
    public static IEnumerable<int> Members(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? 0xFE00 | code[at + 1] : code[at];
            var operation = Known[value];
            at += operation.Size;
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok) yield return BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at));
            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at))),
                _ => 4,
            };
        }
    }
}
