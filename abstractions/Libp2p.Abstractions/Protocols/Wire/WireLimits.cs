namespace Libp2p.Wire;

/// <summary>What holds where a schema declares no limit of its own.</summary>
public static class WireLimits
{
    /// <summary>Bytes of a message: 4 MiB.</summary>
    public const int MessageSize = 4 << 20;

    /// <summary>Elements of one repeated field.</summary>
    public const int Count = 16_384;

    /// <summary>Levels of messages and groups inside each other, the outermost included.</summary>
    public const int Depth = 100;
}
