namespace Libp2p.Swarm.Dialing;

/// <summary>
/// The two pools of dial tokens: so many for each peer, so many descriptors for all. A dial takes both (the peer's first, then a descriptor) or none, so
/// nobody holds one while waiting for the other. A dial that returns gives its tokens to a waiting one, which starts at once; else they go back. Peers that
/// wait take turns. Thread-safe.
/// </summary>
internal sealed class DialTokens(int perPeer, int descriptors)
{
    private readonly Lock _gate = new();
    private readonly Queue<PeerTokens> _ready = new(); // guarded by _gate: peers with a waiting dial and a token of their own, short of a descriptor
    private int _descriptors = descriptors; // guarded by _gate

    /// <summary>Descriptors that nobody uses.</summary>
    public int Free
    {
        get
        {
            lock (_gate) return _descriptors;
        }
    }

    /// <summary>Starts a dial now, without waiting, or as soon as there are tokens for it.</summary>
    public void Schedule(PeerTokens peer, AddressDial dial)
    {
        lock (_gate)
        {
            if (peer.InFlight >= perPeer || _descriptors == 0 || peer.Waiting.Count > 0)
            {
                peer.Waiting.Enqueue(dial);
                MakeReady(peer);
                return;
            }

            Take(peer);
        }

        dial.Start();
    }

    /// <summary>A dial has returned.</summary>
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
                AddressDial? dial = null;
                while (dial is null && next.Waiting.TryDequeue(out var waiting))
                {
                    if (waiting.IsWanted) dial = waiting;
                }

                if (dial is null) continue;
                Take(next);
                MakeReady(next);
                (starting ??= []).Add(dial);
            }
        }

        if (starting is null) return;
        foreach (var dial in starting)
        {
            dial.Start();
        }
    }

    /// <summary>Forgets the dials that a peer still waits for.</summary>
    public void Forget(PeerTokens peer)
    {
        lock (_gate) peer.Waiting.Clear();
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
}

/// <summary>What one dialed peer holds and waits for; guarded by the lock of <see cref="DialTokens"/>.</summary>
internal sealed class PeerTokens
{
    public Queue<AddressDial> Waiting { get; } = new();

    public int InFlight { get; set; }

    public bool IsReady { get; set; }
}
