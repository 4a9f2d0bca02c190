using System.IO.Pipelines;
using System.Net.Security;

namespace Libp2p.Security.Tls;

/// <summary>A wire secured by TLS: decrypts when it is read and encrypts when it is written, without a task of its own. Owns the wire.</summary>
internal sealed class TlsConnection : IByteConnection
{
    private readonly IByteConnection _wire;
    private readonly SslStream _tls;
    private readonly TlsReader _reader;
    private readonly TlsWriter _writer;
    private volatile Exception? _aborted;
    private int _disposed;

    public TlsConnection(IByteConnection wire, TlsWire stream, SslStream tls, int maxUnconsumed, IResourceScope? scope)
    {
        _wire = wire;
        _tls = tls;
        _reader = new TlsReader(stream, tls, this, maxUnconsumed, scope);
        _writer = new TlsWriter(wire.Output, stream.Turn, tls, this);
    }

    /// <inheritdoc/>
    public PipeReader Input => _reader;

    /// <inheritdoc/>
    public PipeWriter Output => _writer;

    /// <inheritdoc/>
    public CancellationToken Closed => _wire.Closed;

    public bool IsAborted => _aborted is not null;

    /// <inheritdoc/>
    public void Abort(Exception? why)
    {
        Interlocked.CompareExchange(ref _aborted, new TransportException("The connection was aborted.", inner: why), null);
        _wire.Abort(why);
    }

    /// <summary>Ends the connection since it can no longer be trusted; what is read and written from now on fails with the reason. Returns what the caller throws.</summary>
    public Exception Fail(Exception why)
    {
        var first = Interlocked.CompareExchange(ref _aborted, why, null) ?? why;
        _wire.Abort(why);
        return first;
    }

    /// <summary>The reader above wants no more.</summary>
    public void CompleteInput(Exception? exception) => _wire.Input.Complete(exception);

    public void ThrowIfAborted()
    {
        if (_aborted is { } why)
        {
            throw why;
        }
    }

    /// <inheritdoc/>
    public object? GetFeature(Type type) => type == typeof(IGatherWriter) ? _writer : _wire.GetFeature(type);

    /// <summary>Closes both sides in the ordinary way. Memory that a reader still looks at stays its own.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _writer.CloseAsync().ConfigureAwait(false);
        Interlocked.CompareExchange(ref _aborted, new TransportException("The connection was disposed."), null);
        await _wire.DisposeAsync().ConfigureAwait(false);
        await _tls.DisposeAsync().ConfigureAwait(false);
    }
}
