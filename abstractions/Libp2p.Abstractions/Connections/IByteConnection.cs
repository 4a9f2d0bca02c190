using System.IO.Pipelines;

namespace Libp2p;

/// <summary>
/// An ordered byte stream to a remote, without streams or identity: what a byte transport delivers and what a security channel returns.
/// One reader and one writer at a time; reading and writing are independent.
/// </summary>
/// <remarks>
/// Layers are pull-through decorators: a layer has no task and no queue of its own; it reads from and writes to the layer below when it is read and
/// written itself. What <see cref="PipeReader.ReadAsync"/> returns belongs to the reader alone, writable, until <see cref="PipeReader.AdvanceTo(SequencePosition)"/>:
/// decryption in place is allowed.
/// <para>Completing <see cref="IDuplexPipe.Output"/> closes the write side; the remote then reads the end. Disposing closes both sides in the ordinary
/// way; <see cref="Abort"/> does so at once.</para>
/// </remarks>
public interface IByteConnection : IDuplexPipe, IAsyncDisposable
{
    /// <summary>Ends the connection at once; pending and later reads and writes fail with a <see cref="TransportException"/>. Safe from any thread, more than once.</summary>
    /// <param name="why">What broke, if anything.</param>
    void Abort(Exception? why);

    /// <summary>Cancelled once the connection is gone for good.</summary>
    CancellationToken Closed { get; }

    /// <summary>What only some have (<see cref="IGatherWriter"/>, <see cref="IByteCounts"/>, round-trip time, TLS details); decorators forward what they do not know. Null where absent.</summary>
    object? GetFeature(Type type);
}

/// <summary>
/// Feature of a byte connection: <see cref="IDuplexPipe.Output"/> also takes borrowed memory, so that a header and a body share one send without a copy.
/// </summary>
public interface IGatherWriter
{
    /// <summary>
    /// Queues borrowed memory behind everything written to the output so far. It must stay unchanged until the next
    /// <see cref="PipeWriter.FlushAsync"/> has completed. Same concurrency as the output: one writer.
    /// </summary>
    void Append(ReadOnlyMemory<byte> borrowed);
}

/// <summary>Feature of a connection of any level: how much went over its wire so far, whatever the layers above made of it. Thread-safe; never goes back.</summary>
public interface IByteCounts
{
    /// <summary>Bytes received since the connection was made.</summary>
    long Received { get; }

    /// <summary>Bytes sent since the connection was made.</summary>
    long Sent { get; }
}
