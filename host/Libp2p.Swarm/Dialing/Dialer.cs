using Libp2p.Multiformats;
using Libp2p.Swarm.Connections;
using Libp2p.Swarm.Peers;
using Libp2p.Swarm.Resources;
using Libp2p.Swarm.Roles;
using Libp2p.Swarm.Upgrading;

namespace Libp2p.Swarm.Dialing;

/// <summary>Dials peers: each once, however many ask. Thread-safe.</summary>
internal sealed class Dialer(SwarmContext context, Upgrader upgrader, Func<Multiaddr, bool> isOwnAddress)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, PeerDial> _shared = []; // guarded by _gate; by PeerId, or by Multiaddr where nobody is expected
    private readonly HashSet<PeerDial> _running = []; // guarded by _gate
    private bool _closed; // guarded by _gate

    public SwarmContext Context => context;

    public DialTokens Tokens { get; } = new(context.Options.MaxDialsPerPeer, context.Options.MaxDials);

    /// <summary>The connection to a peer: one that exists, the one being dialed, or a new one.</summary>
    /// <param name="peer">Who.</param>
    /// <param name="addresses">Where to try beside what is remembered; without <c>/p2p</c>.</param>
    /// <param name="forceNew">A new one in any case.</param>
    /// <param name="cancellationToken">Gives up; the dial goes on while others wait for it.</param>
    public async Task<SwarmConnection> DialPeerAsync(PeerId peer, IEnumerable<Multiaddr> addresses, bool forceNew, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (peer == context.Identity.PeerId) throw DialFailure.Refused(peer, new AddressException($"{peer} is this node itself: a node does not dial itself."));
        if (!forceNew && context.Connections.TryBest(peer, out var existing)) return existing;

        IEnumerable<Multiaddr> known = context.Peers.TryGet(peer, out var info) ? info.Addresses : [];
        var dial = StartDial(peer, peer, peer.ToString(), addresses.Concat(known), forceNew, out existing);
        if (dial is null) return existing!;
        var won = await dial.WaitAsync(cancellationToken).ConfigureAwait(false);
        return !forceNew && context.Connections.TryBest(peer, out var best) ? best : won;
    }

    /// <summary>The connection to whoever answers at an address.</summary>
    public async Task<SwarmConnection> DialAddressAsync(Multiaddr address, IEnumerable<Multiaddr> more, bool forceNew, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!forceNew && context.Connections.TryAt(address, out var existing)) return existing;
        var dial = StartDial(null, address, address.ToString(), more.Prepend(address), forceNew, out existing);
        if (dial is null) return existing!;
        return await dial.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>No more dials; those that run are abandoned.</summary>
    public void Close()
    {
        List<PeerDial> running;
        lock (_gate)
        {
            _closed = true;
            running = [.. _running];
        }

        foreach (var dial in running)
        {
            dial.Abandon(Stopped());
        }
    }

    /// <summary>Why an address is not worth a try; null: it is.</summary>
    public AddressException? Refuse(Multiaddr address)
    {
        var roles = context.Roles.Current;
        if (!TransportChoice.TryForDial(roles, address, out _)) return TransportChoice.None(roles, address, "dial");
        return isOwnAddress(address) ? new AddressException($"{address} is an address of this node itself.", address) : null;
    }

    /// <summary>A dial is over.</summary>
    public void Ended(PeerDial dial)
    {
        lock (_gate)
        {
            _running.Remove(dial);
            if (dial.Key is not null) _shared.Remove(dial.Key);
        }
    }

    public void Failed(PeerDial dial, AddressDial attempt, Exception error) => context.Logger.DialAttemptFailed(dial.Target, attempt.Address, error.Message);

    /// <summary>Dials one address, with tokens held: transport, upgrade, admission.</summary>
    public async Task<SwarmConnection> DialAddressAsync(PeerDial dial, AddressDial attempt)
    {
        var address = attempt.Address;
        context.Logger.Dialing(dial.Target, address);
        var roles = context.Roles.Current;
        if (!TransportChoice.TryForDial(roles, address, out var transport) || !transport.Uses.TryEnter()) throw TransportChoice.None(roles, address, "dial");

        if (!context.Work.TryEnter())
        {
            transport.Uses.Exit();
            throw Stopped();
        }

        ResourceGovernor.ConnectionScope? scope = null;
        var limit = AddressRules.IsNear(address) ? context.Options.PrivateDialTimeout : context.Options.DialTimeout;
        using var deadline = new CancellationTokenSource(limit, context.Runtime.Time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, dial.Cancelled);
        var handedOver = false;
        try
        {
            if (!context.Governor.TryAdmitConnection(out scope, out var denial)) throw new ResourceLimitException(denial);
            var parts = await ConnectAsync(transport, dial, attempt, scope, giveUp.Token).ConfigureAwait(false);
            handedOver = true;
            var connection = await context.Connections.OpenAsync(parts).ConfigureAwait(false);
            context.Peers.AddAddresses(connection.RemotePeer, [address], context.Options.ConnectedAddressLifetime);
            return connection;
        }
        catch (OperationCanceledException cause) when (deadline.IsCancellationRequested && dial.IsWanted)
        {
            var option = AddressRules.IsNear(address) ? nameof(SwarmOptions.PrivateDialTimeout) : nameof(SwarmOptions.DialTimeout);
            var within = $"{DialFailure.Seconds(limit)} ({option})";
            throw cause is UpgradeAbandonedException upgrade ? upgrade.TimedOut(within) : new TransportException($"no answer within {within}.", address, cause);
        }
        catch (Exception cause) when (cause is not (Libp2pException or OperationCanceledException))
        {
            throw new TransportException(cause.Message, address, cause);
        }
        finally
        {
            if (!handedOver)
            {
                scope?.Dispose();
                transport.Uses.Exit();
            }

            context.Work.Exit();
        }
    }

    private async Task<ConnectionParts> ConnectAsync(Registration transport, PeerDial dial, AddressDial attempt, ResourceGovernor.ConnectionScope scope, CancellationToken cancellationToken)
    {
        var address = attempt.Address;
        var how = new DialContext
        {
            Runtime = context.Runtime,
            Identity = context.Identity,
            Expected = dial.Expected,
            Scope = scope,
            Progress = attempt,
        };
        switch (transport.Role)
        {
            case IByteTransport bytes:
                var wire = await bytes.DialAsync(address, how, cancellationToken).ConfigureAwait(false);
                attempt.Report("transport");
                var local = (wire.GetFeature(typeof(ConnectionEndpoints)) as ConnectionEndpoints)?.Local ?? address;
                var upgrade = upgrader.MakeContext(ConnectionDirection.Outbound, how.Role, dial.Expected, scope, attempt);
                var upgraded = await upgrader.UpgradeAsync(wire, upgrade, new ConnectionEndpoints(local, address), cancellationToken).ConfigureAwait(false);
                return new ConnectionParts(upgraded.Secure, ConnectionDirection.Outbound, upgraded.Security, upgraded.Muxer, scope, [transport, .. upgraded.Uses]);
            case IMultiplexedTransport whole:
                var secure = await whole.DialAsync(address, how, cancellationToken).ConfigureAwait(false);
                attempt.Report("transport");
                if (dial.Expected is { } expected && expected != secure.RemotePeer)
                {
                    secure.Abort(ConnectionErrorCode.None);
                    await secure.DisposeAsync().ConfigureAwait(false);
                    throw new PeerIdMismatchException(expected, secure.RemotePeer);
                }

                return new ConnectionParts(secure, ConnectionDirection.Outbound, null, null, scope, [transport]);
            default:
                throw new TransportException($"{transport.Name} is neither a byte transport nor a multiplexed one.", address);
        }
    }

    /// <summary>Joins the dial that runs, or starts one; null where a connection has come meanwhile.</summary>
    private PeerDial? StartDial(PeerId? expected, object key, string target, IEnumerable<Multiaddr> addresses, bool forceNew, out SwarmConnection? existing)
    {
        existing = null;
        while (true)
        {
            PeerDial? dial;
            lock (_gate)
            {
                if (_closed) throw Stopped();
                if (forceNew || !_shared.TryGetValue(key, out dial))
                {
                    // A dial leaves the list after its connection has entered the table: whoever finds neither really is the first.
                    var connected = !forceNew && (expected is not null
                        ? context.Connections.TryBest(expected, out existing)
                        : context.Connections.TryAt((Multiaddr)key, out existing));
                    if (connected) return null;
                    dial = new PeerDial(this, expected, forceNew ? null : key, target);
                    _running.Add(dial);
                    if (!forceNew) _shared[key] = dial;
                }
            }

            // Over already: its end takes it off the list, so the next look finds another or none.
            if (dial.TryJoin(addresses)) return dial;
        }
    }

    private static ConnectionClosedException Stopped() => new(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: false));
}
