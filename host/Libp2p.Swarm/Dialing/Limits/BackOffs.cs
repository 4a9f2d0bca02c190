using Libp2p.Multiformats;

namespace Libp2p.Swarm.Dialing.Limits;

/// <summary>
/// Addresses of peers that failed a short while ago and are left alone: <c>base + step · n²</c> after <c>n</c> earlier failures, bounded. Forgotten once the peer is connected, or once an
/// address has been left alone for as long again. Bounded; thread-safe.
/// </summary>
internal sealed class BackOffs(DialOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, Dictionary<Multiaddr, Failure>> _failures = []; // guarded by _gate; the inner ones are never empty
    private readonly PriorityQueue<(PeerId Peer, Multiaddr Address), long> _ends = new(); // guarded by _gate: when an entry may be forgotten; also of entries that are gone or live longer
    private int _count; // guarded by _gate

    /// <summary>How many addresses are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    /// <summary>Whether an address is to be left alone, after how many failures, and for how long still.</summary>
    public bool Holds(PeerId peer, Multiaddr address, out int failures, out TimeSpan left)
    {
        failures = 0;
        left = TimeSpan.Zero;
        lock (_gate)
        {
            if (!_failures.TryGetValue(peer, out var addresses) || !addresses.TryGetValue(address, out var failure)) return false;
            failures = failure.Count;
            left = failure.Wait - time.GetElapsedTime(failure.At);
            return left > TimeSpan.Zero;
        }
    }

    /// <summary>An address failed.</summary>
    public void Add(PeerId peer, Multiaddr address)
    {
        if (options.BackOffBase == TimeSpan.Zero) return;
        var now = time.GetTimestamp();
        lock (_gate)
        {
            Forget(now);
            if (!_failures.TryGetValue(peer, out var addresses)) _failures[peer] = addresses = [];
            var before = 0;
            if (addresses.TryGetValue(address, out var known)) before = known.Count;
            else _count++;
            var wait = WaitAfter(before);
            addresses[address] = new Failure(before + 1, now, wait);
            _ends.Enqueue((peer, address), EndOf(now, wait));
            if (_ends.Count > 64 + (2 * _count)) Rebuild();
        }
    }

    /// <summary>The peer is connected: nothing is held against its addresses any more.</summary>
    public void Clear(PeerId peer)
    {
        lock (_gate)
        {
            if (_failures.Remove(peer, out var addresses)) _count -= addresses.Count;
        }
    }

    /// <summary>Nothing is held against anybody any more.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _failures.Clear();
            _ends.Clear();
            _count = 0;
        }
    }

    private TimeSpan WaitAfter(int failures)
    {
        // Squared in floating point: it cannot overflow, and the bound cuts it off long before it is inexact.
        var wait = options.BackOffBase.TotalSeconds + (options.BackOffStep.TotalSeconds * failures * failures);
        return wait >= options.BackOffMax.TotalSeconds ? options.BackOffMax : TimeSpan.FromSeconds(wait);
    }

    private long EndOf(long at, TimeSpan wait) => at + (long)(2 * wait.TotalSeconds * time.TimestampFrequency);

    /// <summary>Forgets what has ended, and while there is no place for one more also what ends first.</summary>
    private void Forget(long now)
    {
        while (_ends.TryPeek(out var entry, out var end) && (end <= now || _count >= options.MaxBackOffs))
        {
            _ends.Dequeue();
            if (!_failures.TryGetValue(entry.Peer, out var addresses) || !addresses.TryGetValue(entry.Address, out var failure)) continue;

            // Failed again since: it has a later end of its own in the queue.
            if (EndOf(failure.At, failure.Wait) != end) continue;
            addresses.Remove(entry.Address);
            _count--;
            if (addresses.Count == 0) _failures.Remove(entry.Peer);
        }
    }

    /// <summary>Addresses that fail again and again leave their earlier ends behind.</summary>
    private void Rebuild()
    {
        _ends.Clear();
        foreach (var (peer, addresses) in _failures)
        {
            foreach (var (address, failure) in addresses) _ends.Enqueue((peer, address), EndOf(failure.At, failure.Wait));
        }
    }

    private readonly record struct Failure(int Count, long At, TimeSpan Wait);
}
