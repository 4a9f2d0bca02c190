using System.IO.Pipelines;

namespace Libp2p;

/// <summary>A connection that carries streams; it does not know who the peer is. What an <see cref="IStreamMuxer"/> makes. Thread-safe.</summary>
public interface IMuxedConnection : IAsyncDisposable
{
    /// <summary>
    /// Opens a stream. Nothing need have been sent when it returns: the opening travels with the first bytes, or with a flush.
    /// </summary>
    /// <exception cref="ConnectionClosedException">The connection has ended.</exception>
    /// <exception cref="MuxerException">The remote has too many unaccepted streams of ours.</exception>
    ValueTask<IMuxedStream> OpenStreamAsync(CancellationToken cancellationToken = default);

    /// <summary>The next stream that the remote opened, in order; null once the connection has ended. One caller at a time.</summary>
    ValueTask<IMuxedStream?> AcceptStreamAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends the connection and all its streams at once, telling the remote the code where the muxer can.</summary>
    void Abort(ConnectionErrorCode code);

    /// <summary>How the connection ended. Never faults.</summary>
    Task<ConnectionEnd> Completion { get; }

    /// <summary>What only some have; null where absent.</summary>
    object? GetFeature(Type type);
}

/// <summary>
/// One stream of a muxed connection. One reader and one writer at a time, independent of each other; <see cref="Abort"/> is safe from any thread.
/// </summary>
/// <remarks>
/// <para>Completing <see cref="IDuplexPipe.Output"/> half-closes: the remote reads the end. Completing it with an exception resets the write side.</para>
/// <para>Credit returns to the remote as <see cref="IDuplexPipe.Input"/> is consumed, never as bytes arrive. Completing the input before its end discards
/// the rest, and still returns credit.</para>
/// <para>After a reset, reads and writes throw <see cref="StreamResetException"/>; data received before it is not promised. Disposing completes what is not
/// complete: an unread rest is discarded, an incomplete output half-closed.</para>
/// </remarks>
public interface IMuxedStream : IDuplexPipe, IAsyncDisposable
{
    /// <summary>The muxer's number of the stream, for logs.</summary>
    ulong Id { get; }

    /// <summary>Kills one way or both. The remote sees a reset with the code, where the muxer carries one.</summary>
    void Abort(StreamSide side, StreamErrorCode code);

    /// <summary>Cancelled once the stream was reset by either side or lost with its connection.</summary>
    CancellationToken Aborted { get; }

    /// <summary>Completes once the write side is closed and handed to the layer below, or the stream is gone. Never faults.</summary>
    Task WritesClosed { get; }

    /// <summary>What only some have; null where absent.</summary>
    object? GetFeature(Type type);
}
