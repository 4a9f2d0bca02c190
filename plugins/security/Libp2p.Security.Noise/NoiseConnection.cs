using System.IO.Pipelines;

namespace Libp2p.Security.Noise;

/// <summary>A wire secured by Noise: decrypts when it is read and encrypts when it is written, without a task or a queue of its own. Owns the wire.</summary>
internal sealed class NoiseConnection : IByteConnection
{
    private readonly IByteConnection _wire;
    private readonly NoiseCiphers _ciphers;
    private readonly NoiseReader _reader;
    private readonly NoiseWriter _writer;
    private volatile Exception? _aborted;
    private int _disposed;

    public NoiseConnection(IByteConnection wire, NoiseCiphers ciphers, int maxUnconsumed, IResourceScope? scope = null)
    {
        _wire = wire;
        _ciphers = ciphers;
        _reader = new NoiseReader(wire.Input, ciphers.Receiving, this, maxUnconsumed, scope);
        _writer = new NoiseWriter(wire.Output, ciphers.Sending, this, scope);
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

    /// <summary>Ends the connection since it can no longer be trusted; what is read and written from now on fails with the reason.</summary>
    public void Fail(Exception why)
    {
        Interlocked.CompareExchange(ref _aborted, why, null);
        _wire.Abort(why);
    }

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

        _writer.Close();
        Interlocked.CompareExchange(ref _aborted, new TransportException("The connection was disposed."), null);
        await _wire.DisposeAsync().ConfigureAwait(false);
        _ciphers.Dispose();
    }
}
