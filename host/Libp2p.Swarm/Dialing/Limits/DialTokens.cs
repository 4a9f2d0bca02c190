namespace Libp2p.Swarm.Dialing.Limits;

/// <summary>
/// The rate-limit tokens: so many for each peer, so many for all. A dial takes both, in that order (the peer's first), or none: so nobody holds one while waiting for the other. A dial that
/// returns gives its tokens to a waiting one, which starts at once; else they go back. Peers that wait take turns; of the dials of one peer the better ranked goes first. Thread-safe.
/// </summary>
/// <remarks>
/// What is for all is there twice: a dial through a relay may wait for the dial of its relay, which must not wait for a token that such a dial holds. Every other dial counts in one pool,
/// whether its transport takes a descriptor or not: a bound of descriptors alone would leave the others without any.
/// </remarks>
internal sealed class DialTokens(int perPeer, int perPool)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, PeerTokens> _peers = []; // guarded by _gate: of peers that are being dialed
    private readonly TokenPool[] _pools = [.. Enumerable.Range(0, PeerTokens.Pools).Select(_ => new TokenPool(perPool))]; // guarded by _gate
    private readonly Queue<AddressDial> _starting = new(); // guarded by _gate: they waited, and have their tokens
    private bool _isStarting; // guarded by _gate: somebody starts them
    private long _sequence; // guarded by _gate

    /// <summary>Tokens of all peers that are held.</summary>
    public int Held
    {
        get
        {
            lock (_gate) return _pools.Sum(pool => perPool - pool.Free);
        }
    }

    /// <summary>Peers that have tokens, or wait for some.</summary>
    public int Peers
    {
        get
        {
            lock (_gate) return _peers.Count;
        }
    }

    /// <summary>The tokens of a peer, shared by all who dial it; given back by <see cref="Leave"/>.</summary>
    /// <param name="peer">Who; null: nobody knows yet, and then they are shared with nobody.</param>
    public PeerTokens Enter(PeerId? peer)
    {
        if (peer is null) return new PeerTokens(null);
        lock (_gate)
        {
            if (!_peers.TryGetValue(peer, out var tokens)) _peers[peer] = tokens = new PeerTokens(peer);
            tokens.Users++;
            return tokens;
        }
    }

    /// <summary>A dial of the peer is over; addresses of it that are still being dialed release their tokens by themselves.</summary>
    public void Leave(PeerTokens peer)
    {
        lock (_gate)
        {
            peer.Users--;
            peer.ForgetUnwanted();
            ForgetUnused(peer);
        }
    }

    /// <summary>Starts the dial of an address now, without waiting, where there are tokens for it; else schedules it for when there are.</summary>
    public void StartOrSchedule(PeerTokens peer, AddressDial dial)
    {
        lock (_gate)
        {
            var pool = PeerTokens.PoolOf(dial);
            if (peer.InFlight >= perPeer || _pools[pool].Free == 0 || peer.Waiting[pool].Count > 0)
            {
                peer.Waiting[pool].Enqueue(dial, (dial.Place, _sequence++));
                MakeReady(peer, pool);
                return;
            }

            Take(peer, pool);
        }

        dial.Start();
    }

    /// <summary>The dial of an address has returned: whoever waits for its tokens has them and starts, else they go back.</summary>
    public void Release(PeerTokens peer, AddressDial dial)
    {
        lock (_gate)
        {
            peer.InFlight--;
            _pools[PeerTokens.PoolOf(dial)].Free++;
            for (var pool = 0; pool < PeerTokens.Pools; pool++) MakeReady(peer, pool);
            for (var pool = 0; pool < PeerTokens.Pools; pool++) GiveOut(pool);
            ForgetUnused(peer);
            if (_isStarting || _starting.Count == 0) return;
            _isStarting = true;
        }

        StartThose();
    }

    /// <summary>
    /// Starts who has waited, one after the other: a dial may fail before it returns, and releases its tokens within this one. Were each started there, as many could be on the
    /// stack as wait.
    /// </summary>
    private void StartThose()
    {
        while (true)
        {
            AddressDial? dial;
            lock (_gate)
            {
                if (!_starting.TryDequeue(out dial))
                {
                    _isStarting = false;
                    return;
                }
            }

            dial.Start();
        }
    }

    private void GiveOut(int index)
    {
        var pool = _pools[index];
        while (pool.Free > 0 && pool.Ready.TryDequeue(out var next))
        {
            next.IsReady[index] = false;
            if (next.InFlight >= perPeer || NextOf(next, index) is not { } dial) continue;
            Take(next, index);
            MakeReady(next, index);
            _starting.Enqueue(dial);
        }
    }

    private static AddressDial? NextOf(PeerTokens peer, int pool)
    {
        while (peer.Waiting[pool].TryDequeue(out var dial, out _))
        {
            if (dial.IsWanted) return dial;
        }

        return null;
    }

    private void Take(PeerTokens peer, int pool)
    {
        peer.InFlight++;
        _pools[pool].Free--;
    }

    private void MakeReady(PeerTokens peer, int pool)
    {
        if (peer.IsReady[pool] || peer.Waiting[pool].Count == 0 || peer.InFlight >= perPeer) return;
        peer.IsReady[pool] = true;
        _pools[pool].Ready.Enqueue(peer);
    }

    private void ForgetUnused(PeerTokens peer)
    {
        if (peer is { Peer: { } id, Users: 0, InFlight: 0 } && _peers.GetValueOrDefault(id) == peer) _peers.Remove(id);
    }

    private sealed class TokenPool(int size)
    {
        public int Free { get; set; } = size;

        /// <summary>Peers with a waiting dial and a token of their own, short of one of this pool.</summary>
        public Queue<PeerTokens> Ready { get; } = new();
    }
}
