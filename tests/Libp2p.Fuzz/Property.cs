using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Libp2p.Fuzz;

/// <summary>What a target asserts of an input. A text is only put together where it does not hold.</summary>
internal static class Property
{
    public static void Holds([DoesNotReturnIf(false)] bool condition, string what, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!condition)
        {
            throw new PropertyException(what, file, line);
        }
    }

    public static void Holds(
        [DoesNotReturnIf(false)] bool condition,
        [InterpolatedStringHandlerArgument(nameof(condition))] PropertyText what,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        if (!condition)
        {
            throw new PropertyException(what.ToString(), file, line);
        }
    }

    public static void Same(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other, string what, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (!one.SequenceEqual(other))
        {
            throw new PropertyException($"{what}: {Show(one)} and {Show(other)}", file, line);
        }
    }

    private static string Show(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes[..Math.Min(64, bytes.Length)]) + (bytes.Length > 64 ? "..." : "");
}

/// <summary>Something that must hold for all inputs does not for this one.</summary>
internal sealed class PropertyException(string what, string file, int line) : Exception(what)
{
    /// <summary>Which property: two failures of one are the same defect.</summary>
    public string Rule { get; } = $"{Path.GetFileName(file)}:{line}";
}

/// <summary>An interpolated text that is left out where the condition holds.</summary>
[InterpolatedStringHandler]
internal ref struct PropertyText
{
    private DefaultInterpolatedStringHandler _text;

    public PropertyText(int literalLength, int formattedCount, bool condition, out bool wanted)
    {
        wanted = !condition;
        _text = condition ? default : new DefaultInterpolatedStringHandler(literalLength, formattedCount);
    }

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public override string ToString() => _text.ToStringAndClear();
}
