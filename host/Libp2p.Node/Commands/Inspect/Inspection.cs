namespace Libp2p.Node.Commands.Inspect;

/// <summary>What a value is, part by part.</summary>
/// <param name="Kind">What it is, as JSON calls it: <c>multiaddr</c>.</param>
/// <param name="Text">Its canonical text; of what has none, who or what it is of.</param>
/// <param name="Bytes">Its binary form; empty where it is secret.</param>
/// <param name="Parts">What the bytes are, in their order.</param>
/// <param name="Notes">What else there is to say, a sentence each.</param>
internal sealed record Inspection(string Kind, string Text, ReadOnlyMemory<byte> Bytes, IReadOnlyList<Part> Parts, IReadOnlyList<string> Notes);

/// <summary>A run of bytes and what it stands for.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">What it says; may be a stranger's text.</param>
/// <param name="Offset">Where it begins in the whole.</param>
/// <param name="Bytes">The bytes.</param>
internal sealed record Part(string Name, string Value, int Offset, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>What it is made of itself.</summary>
    public IReadOnlyList<Part> Parts { get; init; } = [];
}
