namespace Libp2p.Swarm.Peers;

/// <summary>What all peers share: addresses of those that are not connected, and bytes of what is no address. Thread-safe; counters alone.</summary>
internal sealed class PeerBudget(PeerstoreOptions options)
{
    private int _unconnected;
    private long _details;

    public int Unconnected => Volatile.Read(ref _unconnected);

    public long Details => Interlocked.Read(ref _details);

    /// <summary>Takes room for one address of a peer that is not connected.</summary>
    public bool TryTakeAddress()
    {
        if (Interlocked.Increment(ref _unconnected) <= options.MaxUnconnectedAddresses) return true;
        Interlocked.Decrement(ref _unconnected);
        return false;
    }

    /// <summary>Addresses of peers that are not connected came or went, asked or not: of a connection that ended, for one.</summary>
    public void MoveAddresses(int count) => Interlocked.Add(ref _unconnected, count);

    /// <summary>Takes bytes, or gives some back where there are fewer than before.</summary>
    public bool TryTakeDetails(long bytes)
    {
        if (Interlocked.Add(ref _details, bytes) <= options.MaxDetails || bytes <= 0) return true;
        Interlocked.Add(ref _details, -bytes);
        return false;
    }
}
