using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Libp2p.Multiformats;

namespace Libp2p.Node.Tests.View;

/// <summary>A node of connections that exist on paper, whose peers speak ping and answer when the test says so.</summary>
internal sealed class StubNode : INode, IPeerstore, IPingService
{
    private readonly Dictionary<PeerId, PeerInfo> _infos = [];
    private readonly Channel<StubConnection> _pinged = Channel.CreateUnbounded<StubConnection>();

    public List<StubConnection> Open { get; } = [];

    public PeerId PeerId => throw new NotSupportedException();

    public ImmutableArray<Multiaddr> ListenAddresses => [];

    public ImmutableArray<Multiaddr> ExternalAddresses => [];

    public ImmutableArray<ProtocolId> Protocols => [];

    public IReadOnlyCollection<IConnection> Connections => [.. Open];

    public IPeerstore Peers => this;

    public IResourceGovernor Governor => throw new NotSupportedException();

    IReadOnlyCollection<PeerId> IPeerstore.Peers => _infos.Keys;

    public StubConnection Add(long id, bool speaksPing = true, ConnectionLimits? limits = null)
    {
        var connection = new StubConnection(id, PrivateKey.Generate().PublicKey) { Limits = limits };
        _infos[connection.RemotePeer] = new PeerInfo { PeerId = connection.RemotePeer, Protocols = speaksPing ? ["/ipfs/ping/1.0.0"] : ["/ipfs/id/1.0.0"] };
        Open.Add(connection);
        return connection;
    }

    public bool IsPinged => _pinged.Reader.Count > 0;

    /// <summary>The next ping that is sent.</summary>
    public async Task<StubConnection> PingedAsync() => await _pinged.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(2));

    public async IAsyncEnumerable<TimeSpan> PingAsync(IConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var stub = (StubConnection)connection;
        while (true)
        {
            _pinged.Writer.TryWrite(stub);
            if (!await stub.Answers.Reader.WaitToReadAsync(cancellationToken)) yield break;
            yield return await stub.Answers.Reader.ReadAsync(cancellationToken);
        }
    }

    public T? Find<T>() where T : class => this as T;

    public IReadOnlyList<T> FindAll<T>() where T : class => this is T role ? [role] : [];

    public bool TryGet(PeerId peer, [MaybeNullWhen(false)] out PeerInfo info) => _infos.TryGetValue(peer, out info);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public ValueTask StartAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask StopAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<IConnection> ConnectAsync(Multiaddr address, ConnectOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<IConnection> ConnectAsync(PeerId peer, ConnectOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<IStream> OpenStreamAsync(PeerId peer, IReadOnlyList<ProtocolId> protocols, OpenStreamOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public IAsyncDisposable Handle(IProtocolHandler handler) => throw new NotSupportedException();

    public IAsyncDisposable Handle(ProtocolId protocol, Func<IStream, CancellationToken, ValueTask> handler) => throw new NotSupportedException();

    public IAsyncEnumerable<NodeEvent> Events(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void AddAddresses(PeerId peer, IEnumerable<Multiaddr> addresses, TimeSpan timeToLive) => throw new NotSupportedException();

    public void SetAddresses(PeerId peer, IEnumerable<Multiaddr> addresses, TimeSpan timeToLive) => throw new NotSupportedException();

    public void ClearAddresses(PeerId peer) => throw new NotSupportedException();

    public IAsyncEnumerable<Multiaddr> WatchAddressesAsync(PeerId peer, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public bool ConsumeRecord(PeerRecord record, TimeSpan timeToLive, SignedEnvelope? envelope = null) => throw new NotSupportedException();

    public void AddKey(PeerId peer, PublicKey key) => throw new NotSupportedException();

    public void SetProtocols(PeerId peer, IEnumerable<ProtocolId> protocols) => throw new NotSupportedException();

    public void AddProtocols(PeerId peer, IEnumerable<ProtocolId> protocols) => throw new NotSupportedException();

    public void RemoveProtocols(PeerId peer, IEnumerable<ProtocolId> protocols) => throw new NotSupportedException();

    public ProtocolId? FirstProtocol(PeerId peer, IReadOnlyList<ProtocolId> preferred) => throw new NotSupportedException();

    public bool TrySetMetadata(PeerId peer, string name, ReadOnlySpan<byte> value) => throw new NotSupportedException();

    public void RemoveMetadata(PeerId peer, string name) => throw new NotSupportedException();

    public bool TryGetMetadata(PeerId peer, string name, out ReadOnlyMemory<byte> value) => throw new NotSupportedException();

    public void RecordLatency(PeerId peer, TimeSpan roundTrip) => throw new NotSupportedException();

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void Update(IdentifyInfo info) => throw new NotSupportedException();

    public void Remove(PeerId peer) => throw new NotSupportedException();
}

/// <summary>A connection on paper.</summary>
internal sealed class StubConnection(long id, PublicKey key) : IConnection, IByteCounts
{
    private readonly TaskCompletionSource<ConnectionEnd> _completion = new();

    /// <summary>What the next pings take.</summary>
    public Channel<TimeSpan> Answers { get; } = Channel.CreateUnbounded<TimeSpan>();

    public long Received { get; set; }

    public long Sent { get; set; }

    public long Id => id;

    public PeerId RemotePeer => key.PeerId;

    public PublicKey RemoteKey => key;

    public Multiaddr Local => Multiaddr.Parse("/ip4/127.0.0.1/tcp/4001");

    public Multiaddr Remote => Multiaddr.Parse("/ip4/192.0.2.1/tcp/4001");

    public ConnectionDirection Direction => ConnectionDirection.Outbound;

    public ProtocolId? Security => "/noise";

    public ProtocolId? Muxer => "/yamux/1.0.0";

    public DateTimeOffset OpenedAt => Samples.Start;

    public ConnectionLimits? Limits { get; init; }

    public IReadOnlyCollection<IStream> Streams => [];

    public Task<ConnectionEnd> Completion => _completion.Task;

    /// <summary>It ends, and with it the ping that is under way, if any.</summary>
    public void End()
    {
        Answers.Writer.TryComplete(new TransportException("The connection ended."));
        _completion.TrySetResult(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: true));
    }

    public ValueTask<IStream> OpenStreamAsync(IReadOnlyList<ProtocolId> protocols, OpenStreamOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask CloseAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void Abort(ConnectionErrorCode code) => throw new NotSupportedException();

    public object? GetFeature(Type type) => type == typeof(IByteCounts) ? this : null;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
