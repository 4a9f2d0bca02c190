using Libp2p.Multiformats;

namespace Libp2p.Swarm.Dialing;

/// <summary>
/// The addresses of a dial, handed on the moment they become known: those asked for, those remembered, later those that resolving a name or asking other
/// peers finds. Each comes once. Bounded: what is over the limit is counted, not dialed. The stream ends with its last source. Thread-safe.
/// </summary>
internal sealed class AddressStream(int limit, Action<Multiaddr> onAddress, Action onEnd)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Multiaddr> _seen = []; // guarded by _gate
    private int _sources; // guarded by _gate
    private int _refused; // guarded by _gate

    /// <summary>How many addresses were over the limit.</summary>
    public int Refused
    {
        get
        {
            lock (_gate) return _refused;
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

    /// <summary>Adds an address, without <c>/p2p</c>, unless it came before. Between opening and closing a source.</summary>
    public void Add(Multiaddr address)
    {
        lock (_gate)
        {
            if (_seen.Contains(address)) return;
            if (_seen.Count >= limit)
            {
                _refused++;
                return;
            }

            _seen.Add(address);
        }

        onAddress(address);
    }
}
