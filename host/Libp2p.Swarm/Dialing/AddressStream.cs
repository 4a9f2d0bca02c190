using Libp2p.Multiformats;

namespace Libp2p.Swarm.Dialing;

/// <summary>
/// The addresses of a dial, handed on the moment they become known: those that callers name, those remembered, then what resolving names, discovery and routing find. Each comes once.
/// Bounded: what is over the limit is counted, not dialed. It has ended while no source is open. Thread-safe.
/// </summary>
/// <param name="limit">The most addresses.</param>
/// <param name="onNewAddresses">Told of those that come together, so that the best of them can go first.</param>
/// <param name="onEnd">Told whenever the last source closes.</param>
internal sealed class AddressStream(int limit, Action<IReadOnlyList<DialTarget>> onNewAddresses, Action onEnd)
{
    private readonly Lock _gate = new();
    private readonly HashSet<(Multiaddr Address, PeerId? Peer)> _seen = []; // guarded by _gate
    private int _sources; // guarded by _gate
    private int _overLimit; // guarded by _gate

    /// <summary>How many addresses were over the limit.</summary>
    public int OverLimit
    {
        get
        {
            lock (_gate) return _overLimit;
        }
    }

    /// <summary>Whether more may come.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate) return _sources > 0;
        }
    }

    /// <summary>Somebody begins to add addresses.</summary>
    public void OpenSource()
    {
        lock (_gate) _sources++;
    }

    /// <summary>Somebody has no more addresses.</summary>
    public void CloseSource()
    {
        bool ended;
        lock (_gate) ended = --_sources == 0;
        if (ended) onEnd();
    }

    /// <summary>Adds those that did not come before. Between opening and closing a source.</summary>
    public void Add(IEnumerable<DialTarget> targets)
    {
        List<DialTarget>? added = null;
        lock (_gate)
        {
            foreach (var target in targets)
            {
                var key = (target.Address, target.Peer);
                if (_seen.Contains(key)) continue;
                if (_seen.Count >= limit)
                {
                    _overLimit++;
                    continue;
                }

                _seen.Add(key);
                (added ??= []).Add(target);
            }
        }

        if (added is not null) onNewAddresses(added);
    }
}
