using System.Collections.Immutable;
using System.Threading.Channels;
using Libp2p.Multiformats;

namespace Libp2p.TestKit.Probes;

/// <summary>
/// A probe of the contracts: what a relay asks of them, without a relay. A byte transport whose connections are streams of another connection, with limits that it enforces and
/// makes known. It dials <c>/p2p/PEER/p2p-circuit</c>, where the node is connected to that peer already, and listens on <c>/p2p-circuit</c>.
/// </summary>
/// <param name="node">The node whose streams carry the bytes.</param>
/// <param name="runtime">The clock of the limits.</param>
/// <param name="limits">What a connection may last and carry each way, at both ends; null: no limits.</param>
public sealed class StreamTransport(INode node, NodeRuntime runtime, ConnectionLimits? limits = null) : IByteTransport
{
    private static readonly ProtocolId Protocol = "/testkit/stream-transport/1.0.0";
    private static readonly OpenStreamOptions OverWhatIsThere = new() { NoDial = true, Negotiation = NegotiationMode.Eager };

    private TimeProvider Time => runtime.Time;

    private ConnectionLimits? Limits => limits;

    private IAsyncDisposable Serve(Listener listener) => node.Handle(Protocol, listener.HandleAsync);

    /// <inheritdoc/>
    public int DialRank(Multiaddr address) => TryGetPeer(address, out _) ? 1 : 0;

    /// <inheritdoc/>
    public bool CanListen(Multiaddr address) => address == Multiaddr.Create(MultiaddrProtocol.P2pCircuit);

    /// <inheritdoc/>
    public async ValueTask<IByteConnection> DialAsync(Multiaddr remote, DialContext context, CancellationToken cancellationToken = default)
    {
        if (!TryGetPeer(remote, out var peer)) throw new AddressException($"{remote} is not an address of a stream.", remote);
        try
        {
            var stream = await node.OpenStreamAsync(peer, [Protocol], OverWhatIsThere, cancellationToken).ConfigureAwait(false);
            return new StreamByteConnection(stream, new ConnectionEndpoints(AddressOf(context.Identity.PeerId), remote), runtime.Time, limits);
        }
        catch (Libp2pException error)
        {
            throw new TransportException($"No stream to {peer}: {error.Message}", remote, error);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IListener<IByteConnection>> ListenAsync(Multiaddr local, ListenContext context, CancellationToken cancellationToken = default)
    {
        if (!CanListen(local)) throw new AddressException($"{local} is not /p2p-circuit.", local);
        try
        {
            return new(new Listener(this, AddressOf(context.Identity.PeerId), context.Backlog));
        }
        catch (InvalidOperationException error)
        {
            throw new TransportException("Streams are accepted already.", local, error);
        }
    }

    private static Multiaddr AddressOf(PeerId peer) => Multiaddr.Create(MultiaddrProtocol.P2p, peer.Bytes).Append(MultiaddrProtocol.P2pCircuit);

    private static bool TryGetPeer(Multiaddr address, out PeerId peer)
    {
        peer = null!;
        var components = new List<MultiaddrComponent>();
        foreach (var component in address.Components) components.Add(component);
        if (components.Count != 2 || components[0].Protocol != MultiaddrProtocol.P2p || components[1].Protocol != MultiaddrProtocol.P2pCircuit) return false;
        peer = PeerId.FromBytes(components[0].Value);
        return true;
    }

    private sealed class Listener : IListener<IByteConnection>
    {
        private readonly StreamTransport _transport;
        private readonly Channel<Incoming> _waiting;
        private readonly IAsyncDisposable _handling;

        public Listener(StreamTransport transport, Multiaddr address, int backlog)
        {
            _transport = transport;
            _waiting = Channel.CreateBounded<Incoming>(backlog);
            Addresses = [address];
            _handling = transport.Serve(this);
        }

        public event Action? AddressesChanged
        {
            add { }
            remove { }
        }

        public ImmutableArray<Multiaddr> Addresses { get; }

        public async ValueTask<IIncoming<IByteConnection>?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return await _waiting.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                return null;
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _waiting.Writer.TryComplete();
            while (_waiting.Reader.TryRead(out var incoming)) incoming.Refuse();
            return ValueTask.CompletedTask;
        }

        public async ValueTask DisposeAsync()
        {
            await UnbindAsync().ConfigureAwait(false);
            await _handling.DisposeAsync().ConfigureAwait(false);
        }

        // The handler holds the stream as long as the connection on it lives; when too many wait, the stream is reset.
        public async ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken)
        {
            var endpoints = new ConnectionEndpoints(Addresses[0], AddressOf(stream.Connection.RemotePeer));
            var connection = new StreamByteConnection(stream, endpoints, _transport.Time, _transport.Limits);
            if (!_waiting.Writer.TryWrite(new Incoming(connection, endpoints))) throw new TransportException("Too many connections wait to be accepted.");
            var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var closed = connection.Closed.Register(gone.SetResult).ConfigureAwait(false);
            await using var stopped = cancellationToken.Register(() => connection.Abort(null)).ConfigureAwait(false);
            await gone.Task.ConfigureAwait(false);
        }
    }

    private sealed class Incoming(StreamByteConnection connection, ConnectionEndpoints endpoints) : IIncoming<IByteConnection>
    {
        private bool _completed;

        public Multiaddr Local => endpoints.Local;

        public Multiaddr Remote => endpoints.Remote;

        public bool AddressValidated => true;

        public ValueTask<IByteConnection> CompleteAsync(UpgradeContext context, CancellationToken cancellationToken = default)
        {
            _completed = true;
            return new(connection);
        }

        public bool TryRetry() => false;

        public void Refuse() => connection.Abort(null);

        public ValueTask DisposeAsync()
        {
            if (!_completed) Refuse();
            return ValueTask.CompletedTask;
        }
    }
}
