namespace Libp2p.Swarm.Dialing.Limits;

/// <summary>
/// The two pools of rate-limit tokens: so many for each peer, so many descriptors for all. A dial takes both, in that order (the peer's first, then a descriptor), or none: so nobody holds
/// one while waiting for the other. A dial that returns gives its tokens to a waiting one, which starts at once; else they go back. Peers that wait take turns; of the dials of one peer
/// the better ranked goes first. Thread-safe.
/// </summary>
internal sealed class DialTokens(int perPeer, int descriptors)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, PeerTokens> _peers = []; // guarded by _gate: of peers that are being dialed
    private readonly Queue<PeerTokens> _ready = new(); // guarded by _gate: peers with a waiting dial and a token of their own, short of a descriptor
    private int _descriptors = descriptors; // guarded by _gate
    private long _sequence; // guarded by _gate

    /// <summary>Descriptors that nobody uses.</summary>
    public int Free
    {
        get
        {
            lock (_gate) return _descriptors;
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
            ForgetUnused(peer);
        }
    }

    /// <summary>Starts the dial of an address now, without waiting, where there are tokens for it; else schedules it for when there are.</summary>
    public void StartOrSchedule(PeerTokens peer, AddressDial dial)
    {
        lock (_gate)
        {
            if (peer.InFlight >= perPeer || _descriptors == 0 || peer.Waiting.Count > 0)
            {
                peer.Waiting.Enqueue(dial, (dial.Place, _sequence++));
                MakeReady(peer);
                return;
            }

            Take(peer);
        }

        dial.Start();
    }

    /// <summary>The dial of an address has returned: whoever waits for its tokens has them and starts, else they go back.</summary>
    public void Release(PeerTokens peer)
    {
        List<AddressDial>? starting = null;
        lock (_gate)
        {
            peer.InFlight--;
            _descriptors++;
            MakeReady(peer);
            while (_descriptors > 0 && _ready.TryDequeue(out var next))
            {
                next.IsReady = false;
                if (NextOf(next) is not { } dial) continue;
                Take(next);
                MakeReady(next);
                (starting ??= []).Add(dial);
            }

            ForgetUnused(peer);
        }

        if (starting is null) return;
        foreach (var dial in starting)
        {
            dial.Start();
        }
    }

    private static AddressDial? NextOf(PeerTokens peer)
    {
        while (peer.Waiting.TryDequeue(out var dial, out _))
        {
            if (dial.IsWanted) return dial;
        }

        return null;
    }

    private void Take(PeerTokens peer)
    {
        peer.InFlight++;
        _descriptors--;
    }

    private void MakeReady(PeerTokens peer)
    {
        if (peer.IsReady || peer.Waiting.Count == 0 || peer.InFlight >= perPeer) return;
        peer.IsReady = true;
        _ready.Enqueue(peer);
    }

    private void ForgetUnused(PeerTokens peer)
    {
        if (peer is { Peer: { } id, Users: 0, InFlight: 0 } && _peers.GetValueOrDefault(id) == peer) _peers.Remove(id);
    }
}

/// <summary>What one peer that is dialed holds and waits for; guarded by the lock of <see cref="DialTokens"/>.</summary>
internal sealed class PeerTokens(PeerId? peer)
{
    public PeerId? Peer => peer;

    /// <summary>Dials of the peer that may still schedule addresses.</summary>
    public int Users { get; set; }

    /// <summary>The best ranked first.</summary>
    public PriorityQueue<AddressDial, (TimeSpan Place, long Sequence)> Waiting { get; } = new();

    public int InFlight { get; set; }

    public bool IsReady { get; set; }
}
