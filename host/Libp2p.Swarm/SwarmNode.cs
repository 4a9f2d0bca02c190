using System.Collections.Immutable;
using Libp2p.Multiformats;
using Libp2p.Swarm.Connections;
using Libp2p.Swarm.Dialing;
using Libp2p.Swarm.Listening;
using Libp2p.Swarm.Peers;
using Libp2p.Swarm.Reachability;
using Libp2p.Swarm.Roles;
using Libp2p.Swarm.Upgrading;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Libp2p.Swarm;

/// <summary>
/// A libp2p node without a container: it owns listeners, dials, connections, streams, events and the live registries of roles. Thread-safe.
/// </summary>
/// <example>
/// <code>
/// await using var node = new SwarmNode(identity, new SwarmOptions(), new NodeRuntime { Network = new SystemNetwork() });
/// node.Exports.Add&lt;ITransport&gt;(transport);
/// node.Exports.Add&lt;ISecurityChannel&gt;(channel);
/// node.Exports.Add&lt;IStreamMuxer&gt;(muxer);
/// await node.StartAsync();
/// var connection = await node.ConnectAsync(address);
/// </code>
/// </example>
public sealed partial class SwarmNode : INode
{
    private readonly SwarmContext _context;
    private readonly ListenerSet _listeners;
    private readonly Dialer _dialer;

    /// <summary>Makes a node; nothing is bound before <see cref="StartAsync"/>.</summary>
    /// <param name="identity">Who it is; not disposed with the node.</param>
    /// <param name="options">Limits and addresses; not to be changed afterwards.</param>
    /// <param name="runtime">Time, randomness, continuations and sockets.</param>
    /// <param name="loggers">Logging; null: none.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message says which, and what to set.</exception>
    public SwarmNode(NodeIdentity identity, SwarmOptions options, NodeRuntime runtime, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(runtime);
        var problems = options.Validate();
        if (!problems.IsEmpty) throw new ArgumentException(string.Join(' ', problems), nameof(options));

        var logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger("Libp2p.Swarm");
        _context = new SwarmContext(identity, options, runtime, logger);
        var upgrader = new Upgrader(_context);
        _listeners = new ListenerSet(_context, upgrader);
        _context.Observed = new ObservedAddresses(_context, _listeners.Owns);
        _network = new NetworkWatch(_context, OnNetworkChanged);
        _dialer = new Dialer(_context, upgrader, _listeners.Owns);
        _context.Connections.Opened = _dialer.Connected;
        _context.Peers.AddressesAdded = _dialer.Discovered;
        _context.Roles.Added = OnRoleAdded;
        _context.Roles.ProtocolsChanged = protocols => Publish(new ProtocolsChanged(protocols));
        _context.Roles.Drain = DrainRoleAsync;
    }

    /// <summary>
    /// Where roles are added; read live, before and after start. Disposing what <see cref="IPluginExports.Add"/> returns lets those who use the role finish
    /// for <see cref="SwarmOptions.DrainTimeout"/>, then closes what still uses it.
    /// </summary>
    public IPluginExports Exports => _context.Roles;

    /// <inheritdoc/>
    public PeerId PeerId => _context.Identity.PeerId;

    /// <inheritdoc/>
    public ImmutableArray<Multiaddr> ListenAddresses => _listeners.Addresses;

    /// <inheritdoc/>
    public ImmutableArray<ProtocolId> Protocols => _context.Roles.Current.Handlers.Protocols.Protocols;

    /// <inheritdoc/>
    public IReadOnlyCollection<IConnection> Connections => _context.Connections.Snapshot();

    /// <inheritdoc/>
    public IPeerstore Peers => _context.Peers;

    /// <inheritdoc/>
    public IResourceGovernor Governor => _context.Governor;

    internal SwarmContext Context => _context;

    internal Dialer Dialer => _dialer;

    /// <inheritdoc/>
    public async ValueTask<IConnection> ConnectAsync(Multiaddr address, ConnectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        ThrowIfStopped();
        if (!AddressRules.TrySplit(address, out var bare, out var peer))
        {
            if (peer is not null) return await ConnectAsync(peer, options, cancellationToken).ConfigureAwait(false);
            throw DialFailure.Refused(null, new AddressException($"{address} cannot be dialed: its peer id is malformed.", address));
        }

        return await _dialer.DialPeerAsync(DialRequest.For(bare, peer, options), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IConnection> ConnectAsync(PeerId peer, ConnectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ThrowIfStopped();
        return await _dialer.DialPeerAsync(DialRequest.For(peer, options), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IStream> OpenStreamAsync(PeerId peer, IReadOnlyList<ProtocolId> protocols, OpenStreamOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(protocols);
        ThrowIfStopped();
        var isLimitedEnough = options is { AllowLimited: true };
        var noDial = options is { NoDial: true };
        if (_context.Connections.Best(peer, isLimitedEnough || noDial ? ConnectionNeed.Any : ConnectionNeed.Unlimited) is { } connection)
        {
            try
            {
                return await connection.OpenStreamAsync(protocols, options, cancellationToken).ConfigureAwait(false);
            }
            catch (ConnectionClosedException) when (!noDial)
            {
                // It ended under our hands; the peer may still be there.
            }
        }
        else if (noDial)
        {
            throw DialFailure.Refused(peer, new AddressException($"There is no connection to {peer}, and OpenStreamOptions.NoDial forbids to make one."));
        }

        connection = await _dialer.DialPeerAsync(DialRequest.For(peer, new ConnectOptions { AllowLimited = isLimitedEnough }), cancellationToken).ConfigureAwait(false);
        return await connection.OpenStreamAsync(protocols, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IAsyncDisposable Handle(IProtocolHandler handler) => _context.Roles.Add(handler);

    /// <inheritdoc/>
    public IAsyncDisposable Handle(ProtocolId protocol, Func<IStream, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(handler);
        return _context.Roles.Add<IProtocolHandler>(new DelegateHandler(protocol, handler));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<NodeEvent> Events(CancellationToken cancellationToken = default) => _context.Events.Subscribe(cancellationToken);

    /// <inheritdoc/>
    public T? Find<T>() where T : class => _context.Roles.Find<T>();

    /// <inheritdoc/>
    public IReadOnlyList<T> FindAll<T>() where T : class => _context.Roles.FindAll<T>();
}
