namespace Libp2p.Benchmarks.Roles.Transfers;

/// <summary>
/// What a transfer runs over: a socket, a stream of a node, the ceiling. Each has its own loops, so that nothing stands between the measurement and
/// what is measured. One reader and one writer at a time.
/// </summary>
internal interface ITransferChannel : IDisposable
{
    /// <summary>Sends bytes for their number alone, in writes of a size.</summary>
    ValueTask SendAsync(long bytes, int block);

    /// <summary>Sends a few bytes.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Receives that many bytes for their number alone; false where the other side ended before.</summary>
    ValueTask<bool> SkipAsync(long bytes);

    /// <summary>Receives exactly a few bytes; false where the other side ended before.</summary>
    ValueTask<bool> ReceiveAsync(Memory<byte> bytes);
}
