using System.Collections.Immutable;
using Libp2p.Multiformats;
using Libp2p.TestKit;

namespace Libp2p.Protocols.Tests.Support;

/// <summary>A node that is only looked at: its addresses and protocols are what a test says.</summary>
internal sealed class StillNode : INode
{
    public PeerId PeerId => TestIdentity.Get(1).PeerId;

    public ImmutableArray<Multiaddr> ListenAddresses { get; set; } = [];

    public ImmutableArray<Multiaddr> ExternalAddresses { get; set; } = [];

    public ImmutableArray<ProtocolId> Protocols { get; set; } = [];

    public IReadOnlyCollection<IConnection> Connections => [];

    public IPeerstore Peers => throw new NotSupportedException();

    public IResourceGovernor Governor => throw new NotSupportedException();

    public ValueTask StartAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask StopAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<IConnection> ConnectAsync(Multiaddr address, ConnectOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<IConnection> ConnectAsync(PeerId peer, ConnectOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<IStream> OpenStreamAsync(
        PeerId peer, IReadOnlyList<ProtocolId> protocols, OpenStreamOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IAsyncDisposable Handle(IProtocolHandler handler) => throw new NotSupportedException();

    public IAsyncDisposable Handle(ProtocolId protocol, Func<IStream, CancellationToken, ValueTask> handler) => throw new NotSupportedException();

    public IAsyncEnumerable<NodeEvent> Events(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public T? Find<T>()
        where T : class => null;

    public IReadOnlyList<T> FindAll<T>()
        where T : class => [];

    public ValueTask DisposeAsync() => default;
}
