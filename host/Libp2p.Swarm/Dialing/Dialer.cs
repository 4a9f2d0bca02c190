using Libp2p.Multiformats;
using Libp2p.Swarm.Connections;
using Libp2p.Swarm.Dialing.Limits;
using Libp2p.Swarm.Dialing.Resolution;
using Libp2p.Swarm.Peers;
using Libp2p.Swarm.Upgrading;

namespace Libp2p.Swarm.Dialing;

/// <summary>Dials peers: each once, however many ask. Thread-safe.</summary>
/// <remarks>
/// The algorithm of libp2p's "swarm dialer": <c>DialPeer</c> is <see cref="DialPeerAsync"/>, <c>StartDial</c> is <see cref="StartDial"/>, <c>getAddressStream</c> is <see cref="AddressStream"/>,
/// whose <c>onNewAddr</c> dials what has tokens and schedules the rest (<see cref="DialTokens.StartOrSchedule"/>), <c>doDialAsync</c> is <see cref="AddressDial.Start"/>, and
/// <c>rateLimitReleaseTokens</c> is <see cref="DialTokens.Release"/>.
/// </remarks>
internal sealed class Dialer
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DialKey, List<PeerDial>> _shared = []; // guarded by _gate: one of each manner; lists are never empty, and not changed but replaced
    private readonly HashSet<PeerDial> _running = []; // guarded by _gate
    private readonly AddressFilter _filter;
    private bool _closed; // guarded by _gate

    public Dialer(SwarmContext context, Upgrader upgrader, Func<Multiaddr, bool> isOwnAddress)
    {
        Context = context;
        var options = context.Options.Dialing;
        Tokens = new DialTokens(options.MaxDialsPerPeer, options.MaxDials);
        BackOffs = new BackOffs(options, context.Runtime.Time);
        BlackHoles = new BlackHoles(options);
        Resolver = new AddressResolver(options, context.Runtime);
        Addresses = new AddressDialer(context, upgrader);
        _filter = new AddressFilter(context, BackOffs, BlackHoles, isOwnAddress);
    }

    public SwarmContext Context { get; }

    public DialTokens Tokens { get; }

    public BackOffs BackOffs { get; }

    public BlackHoles BlackHoles { get; }

    public AddressResolver Resolver { get; }

    public AddressDialer Addresses { get; }

    /// <summary>Dials that run.</summary>
    public int Running
    {
        get
        {
            lock (_gate) return _running.Count;
        }
    }

    /// <summary>An address of a peer; null where it names another.</summary>
    public static DialTarget? TargetOf(PeerId peer, Multiaddr address) =>
        AddressRules.TrySplit(address, out var bare, out var named) && (named is null || named == peer) ? new DialTarget(bare, peer) : null;

    /// <summary>The connection to a peer, or to whoever answers at an address: one that exists, the one being dialed, or a new one.</summary>
    /// <param name="request">Who, where, and in what manner.</param>
    /// <param name="cancellationToken">Gives up; the dial goes on while others wait for it.</param>
    /// <exception cref="DialException">There is none; the report says what was tried.</exception>
    public async Task<SwarmConnection> DialPeerAsync(DialRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (BestOf(request) is { } existing) return existing;
        if (request.Expected == Context.Identity.PeerId) throw DialFailure.Refused(request.Expected, new AddressException($"{request.Expected} is this node itself: a node does not dial itself."));
        if (request.Expected is { } peer && Context.Gates.Refuse(GatePoint.DialPeer, ConnectionDirection.Outbound, peer, null, null) is { } gated) throw DialFailure.Refused(peer, gated);
        try
        {
            if (StartDial(request, out existing) is not { } dial) return existing!;
            var won = await dial.WaitAsync(cancellationToken).ConfigureAwait(false);
            return BestOf(request) ?? won;
        }
        catch (DialException) when (LimitedOf(request) is { } limited)
        {
            return limited;
        }
    }

    /// <summary>A connection to a peer is ready: dials of it are over.</summary>
    /// <param name="connection">Which.</param>
    /// <param name="by">The dial that made it, which ends by itself; null: none did.</param>
    public void Connected(SwarmConnection connection, PeerDial? by)
    {
        BackOffs.Clear(connection.RemotePeer);
        foreach (var dial in DialsOf(connection.RemotePeer))
        {
            if (dial != by) dial.Satisfy(connection);
        }
    }

    /// <summary>Addresses of a peer became known: a dial of it that runs tries them too.</summary>
    public void Discovered(PeerId peer, IReadOnlyList<Multiaddr> addresses)
    {
        foreach (var dial in DialsOf(peer))
        {
            dial.Offer(addresses.Select(address => new DialTarget(address, peer)));
        }
    }

    /// <summary>Why an address is not worth a try; null: it is.</summary>
    public Libp2pException? Refuse(DialRequest request, DialTarget target, bool isName) => _filter.Refuse(request, target, isName);

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

    /// <summary>This machine is in another network, or was asleep: what failed may work now.</summary>
    public void NetworkChanged()
    {
        BackOffs.Clear();
        BlackHoles.Clear();
    }

    /// <summary>A dial is over; once.</summary>
    public void Ended(PeerDial dial)
    {
        lock (_gate)
        {
            _running.Remove(dial);
            if (dial.Request.ForceNew) return;
            var sharing = _shared[dial.Request.Key];
            if (sharing.Count > 1) _shared[dial.Request.Key] = sharing.FindAll(other => other != dial);
            else _shared.Remove(dial.Request.Key);
        }
    }

    /// <summary>An address failed.</summary>
    public void Failed(PeerDial dial, AddressDial attempt, Exception error)
    {
        Context.Logger.DialAttemptFailed(dial.Request.Target, attempt.Address, error.Message);
        if (error is ResourceLimitException or ConnectionGatedException or ConnectionClosedException) return; // ours, not the address's
        BlackHoles.Record(attempt.Address, AddressDialer.Reached(error));
        if (attempt.Target.Peer is { } peer) BackOffs.Add(peer, attempt.Address);
    }

    /// <summary>Joins the dial that runs, or starts one; null where a connection has come meanwhile.</summary>
    private PeerDial? StartDial(DialRequest request, out SwarmConnection? existing)
    {
        existing = null;
        while (true)
        {
            PeerDial? dial = null;
            lock (_gate)
            {
                if (_closed) throw Stopped();
                if (!request.ForceNew) dial = _shared.GetValueOrDefault(request.Key)?.Find(running => running.Request.Manner == request.Manner);
                if (dial is null)
                {
                    // A dial leaves the list after its connection has entered the table: whoever finds neither really is the first.
                    existing = BestOf(request);
                    if (existing is not null) return null;
                    dial = new PeerDial(this, request);
                    _running.Add(dial);
                    if (!request.ForceNew) _shared[request.Key] = [.. _shared.GetValueOrDefault(request.Key) ?? [], dial];
                }
            }

            // Over already: its end takes it off the list, so the next look finds another or none.
            if (dial.TryJoin(AddressesOf(request))) return dial;
        }
    }

    /// <summary>What is known at once, the named ones first.</summary>
    private IEnumerable<DialTarget> AddressesOf(DialRequest request) =>
        request is { UsesKnown: true, Expected: { } peer } ? request.Named.Concat(Context.Peers.AddressesOf(peer).Select(address => new DialTarget(address, peer))) : request.Named;

    private SwarmConnection? BestOf(DialRequest request)
    {
        if (request.ForceNew) return null;
        return request.Expected is { } peer ? Context.Connections.Best(peer, request.Manner.Need) : Context.Connections.At(request.Address!, request.Manner.Need);
    }

    /// <summary>What is better than nothing, for those who did not insist.</summary>
    private SwarmConnection? LimitedOf(DialRequest request) =>
        request is { ForceNew: false, Expected: { } peer, Manner.Need: not ConnectionNeed.Direct } ? Context.Connections.Best(peer, ConnectionNeed.Any) : null;

    private List<PeerDial> DialsOf(PeerId peer)
    {
        lock (_gate) return _shared.GetValueOrDefault(new DialKey(peer, null)) ?? [];
    }

    private static ConnectionClosedException Stopped() => new(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: false));
}
