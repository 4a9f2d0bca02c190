using System.Collections.Immutable;
using Libp2p.Multiformats;
using Microsoft.Extensions.Logging;

namespace Libp2p.Swarm;

/// <summary>
/// A libp2p node without a container: it owns listeners, dials, connections, streams, events and the live registries of roles. Thread-safe.
/// </summary>
public sealed class SwarmNode : INode
{
    /// <summary>Makes a node; nothing is bound before <see cref="StartAsync"/>.</summary>
    /// <param name="identity">Who it is; not disposed with the node.</param>
    /// <param name="options">Limits and addresses.</param>
    /// <param name="runtime">Time, randomness, continuations and sockets.</param>
    /// <param name="loggers">Logging; null: none.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message says which, and what to set.</exception>
    public SwarmNode(NodeIdentity identity, SwarmOptions options, NodeRuntime runtime, ILoggerFactory? loggers = null) => throw new NotImplementedException();

    /// <summary>Where roles are added; read live, before and after start.</summary>
    public IPluginExports Exports => throw new NotImplementedException();

    /// <inheritdoc/>
    public PeerId PeerId => throw new NotImplementedException();

    /// <inheritdoc/>
    public ImmutableArray<Multiaddr> ListenAddresses => throw new NotImplementedException();

    /// <inheritdoc/>
    public ImmutableArray<ProtocolId> Protocols => throw new NotImplementedException();

    /// <inheritdoc/>
    public IReadOnlyCollection<IConnection> Connections => throw new NotImplementedException();

    /// <inheritdoc/>
    public IPeerstore Peers => throw new NotImplementedException();

    /// <summary>Publishes an event to the subscribers of <see cref="Events"/>.</summary>
    public void Publish(NodeEvent nodeEvent) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask StartAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask StopAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<IConnection> ConnectAsync(Multiaddr address, ConnectOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<IConnection> ConnectAsync(PeerId peer, ConnectOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<IStream> OpenStreamAsync(PeerId peer, IReadOnlyList<ProtocolId> protocols, OpenStreamOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public IAsyncDisposable Handle(IProtocolHandler handler) => throw new NotImplementedException();

    /// <inheritdoc/>
    public IAsyncDisposable Handle(ProtocolId protocol, Func<IStream, CancellationToken, ValueTask> handler) => throw new NotImplementedException();

    /// <inheritdoc/>
    public IAsyncEnumerable<NodeEvent> Events(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public T? Find<T>() where T : class => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
