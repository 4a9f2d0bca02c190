namespace Libp2p.Multiformats;

/// <summary>A hash function that this library cannot compute, though a multihash of it can be read and compared.</summary>
public sealed class UnsupportedHashException(Multicodec code)
    : MultiformatException($"multihash: the hash function {MulticodecTable.Describe(code)} is not supported")
{
    /// <summary>The hash function's code.</summary>
    public Multicodec Code { get; } = code;
}
