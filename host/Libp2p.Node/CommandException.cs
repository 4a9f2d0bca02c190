namespace Libp2p.Node;

/// <summary>A command cannot do what it was asked to; the hint says what to try.</summary>
internal sealed class CommandException(string message, string hint, Exception? inner = null) : Exception(message, inner)
{
    public string Hint { get; } = hint;
}
