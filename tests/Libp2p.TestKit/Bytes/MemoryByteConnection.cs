using System.IO.Pipelines;

namespace Libp2p.TestKit;

/// <summary>
/// One end of a <see cref="BytePair"/>. It keeps every promise of <see cref="IByteConnection"/>, and is unkind where the contract allows: what the reader has
/// consumed is overwritten at once, and borrowed memory is not looked at before the flush.
/// </summary>
public sealed class MemoryByteConnection : IByteConnection
{
    private readonly CancellationTokenSource _closed = new();
    private readonly MemoryChannel _incoming;
    private readonly MemoryChannel _outgoing;
    private readonly bool _gathers;
    private readonly ConnectionEndpoints? _endpoints;
    private MemoryByteConnection? _remote;

    internal MemoryByteConnection(MemoryChannel incoming, MemoryChannel outgoing, bool gathers, ConnectionEndpoints? endpoints)
    {
        _incoming = incoming;
        _outgoing = outgoing;
        _gathers = gathers;
        _endpoints = endpoints;
        outgoing.WriterFailed = static cause => new TransportException("The remote broke the connection off.", inner: cause);
    }

    /// <inheritdoc/>
    public PipeReader Input => _incoming.Reader;

    /// <inheritdoc/>
    public PipeWriter Output => _outgoing.Writer;

    /// <inheritdoc/>
    public CancellationToken Closed => _closed.Token;

    /// <summary>How often <see cref="Abort"/> was called.</summary>
    public int Aborts { get; private set; }

    /// <summary>Whether the connection was disposed.</summary>
    public bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    public void Abort(Exception? why)
    {
        Aborts++;
        Func<Exception> mine = () => new TransportException("The connection was aborted.", _endpoints?.Remote, why);
        Func<Exception> theirs = () => new TransportException("The remote reset the connection.", _endpoints?.Local);
        _incoming.FailReader(mine);
        _outgoing.FailWriter(mine);
        _outgoing.FailReader(theirs);
        _incoming.FailWriter(theirs);
        Close();
        _remote?.Close();
    }

    /// <inheritdoc/>
    public object? GetFeature(Type type) =>
        type == typeof(IGatherWriter) && _gathers ? _outgoing.Writer :
        type == typeof(ConnectionEndpoints) ? _endpoints :
        null;

    /// <summary>Closes both sides in the ordinary way: what was written and not flushed still leaves, what was not read is discarded.</summary>
    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        _outgoing.Writer.Complete();
        _incoming.CompleteReader();
        Close();
        return ValueTask.CompletedTask;
    }

    internal void Join(MemoryByteConnection remote)
    {
        _remote = remote;
        _incoming.Progressed += CloseWhenFinished;
        _outgoing.Progressed += CloseWhenFinished;
    }

    private void CloseWhenFinished()
    {
        if (_incoming.IsFinished && _outgoing.IsFinished) Close();
    }

    private void Close() => _closed.Cancel();
}
