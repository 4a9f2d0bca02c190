using System.IO.Pipelines;

namespace Libp2p.Security.PrivateNetwork;

/// <summary>A wire of a private network: encrypted both ways, without a task, a queue or a copy of its own. Proves nothing: that is for the security channel above it. Owns the wire.</summary>
internal sealed class ProtectedConnection(IByteConnection wire, XSalsa20 receiving, XSalsa20 sending) : IByteConnection
{
    private readonly ProtectedReader _reader = new(wire.Input, receiving);
    private readonly ProtectedWriter _writer = new(wire.Output, sending);

    /// <inheritdoc/>
    public PipeReader Input => _reader;

    /// <inheritdoc/>
    public PipeWriter Output => _writer;

    /// <inheritdoc/>
    public CancellationToken Closed => wire.Closed;

    /// <inheritdoc/>
    public void Abort(Exception? why) => wire.Abort(why);

    /// <summary>What is lent to the wire would leave in the clear.</summary>
    public object? GetFeature(Type type) => type == typeof(IGatherWriter) ? null : wire.GetFeature(type);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => wire.DisposeAsync();
}
