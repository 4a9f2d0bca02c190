using Waiters = System.Collections.Generic.PriorityQueue<Libp2p.Swarm.Dialing.AddressDial, (System.TimeSpan Place, long Sequence)>;

namespace Libp2p.Swarm.Dialing.Limits;

/// <summary>What one peer that is dialed holds and waits for; guarded by the lock of <see cref="DialTokens"/>.</summary>
internal sealed class PeerTokens(PeerId? peer)
{
    /// <summary>How many pools there are: for direct dials, and for those through a relay.</summary>
    public const int Pools = 2;

    public PeerId? Peer => peer;

    /// <summary>Dials of the peer that may still schedule addresses.</summary>
    public int Users { get; set; }

    /// <summary>Of each pool; the best ranked first.</summary>
    public Waiters[] Waiting { get; } = [new(), new()];

    public int InFlight { get; set; }

    /// <summary>Of each pool: whether the peer waits for its turn there.</summary>
    public bool[] IsReady { get; } = new bool[Pools];

    public static int PoolOf(AddressDial dial) => dial.IsRelayed ? 1 : 0;

    /// <summary>Forgets the waiting of dials that are over: a peer whose dials do not return would gather them.</summary>
    public void ForgetUnwanted()
    {
        foreach (var waiting in Waiting)
        {
            if (waiting.Count == 0) continue;
            var wanted = waiting.UnorderedItems.Where(static waiter => waiter.Element.IsWanted).ToArray();
            waiting.Clear();
            waiting.EnqueueRange(wanted);
        }
    }
}
